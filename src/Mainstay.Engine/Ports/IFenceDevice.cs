using Mainstay.Core.Fencing;
using Mainstay.Core.Model;

namespace Mainstay.Engine.Ports;

/// <summary>Reads and switches the power of hosts through fence agents. Every call ends within its limit.</summary>
public interface IFenceDevice
{
    Task<Observed<PowerState>> ReadPower(FenceMethod method, TimeSpan limit, CancellationToken cancel);

    /// <summary>Off, then a reading of its own. Confirmed only when that reading says off.</summary>
    Task<FenceOutcome> SwitchOff(FenceMethod method, TimeSpan limit, CancellationToken cancel);

    /// <summary>Checks the options against the agent's own metadata.</summary>
    Task<FenceMethodCheck> Check(FenceMethod method, CancellationToken cancel);
}

/// <summary>Whether a fence method can be used as it is written.</summary>
public abstract record FenceMethodCheck
{
    private FenceMethodCheck()
    {
    }

    /// <summary>Usable; options are normalized and the secret ones marked.</summary>
    public sealed record Valid(FenceMethod Method) : FenceMethodCheck;

    /// <summary>One sentence per finding: what is wrong, which value, what to do.</summary>
    public sealed record Invalid(ValueList<string> Findings) : FenceMethodCheck;
}
