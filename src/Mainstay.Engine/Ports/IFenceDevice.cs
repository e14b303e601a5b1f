using Mainstay.Core.Fencing;
using Mainstay.Core.Model;

namespace Mainstay.Engine.Ports;

/// <summary>Reads and switches the power of hosts through fence agents. Every call ends within its limit.</summary>
public interface IFenceDevice
{
    Task<Observed<PowerState>> ReadPower(FenceMethod method, TimeSpan limit, CancellationToken cancel);

    /// <summary>Off, then a reading of its own. Confirmed only when that reading says off.</summary>
    Task<FenceOutcome> SwitchOff(FenceMethod method, TimeSpan limit, CancellationToken cancel);

    /// <summary>Reads the power and, when that fails, finds out why. Switches nothing.</summary>
    Task<FenceTest> Test(FenceMethod method, TimeSpan limit, CancellationToken cancel);

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

/// <summary>Why a fence method could not read the power.</summary>
public enum FenceFault
{
    AgentMissing,
    BadOptions,
    LoginFailed,
    Unreachable,
    Timeout,
    Failed,
}

/// <summary>The outcome of a test of a fence method.</summary>
public abstract record FenceTest(TimeSpan Took)
{
    /// <summary>The power was read.</summary>
    public sealed record Read(PowerState Power, TimeSpan Took) : FenceTest(Took);

    /// <summary>It was not: the fault's kind, and a sentence with what to do.</summary>
    public sealed record Failed(FenceFault Fault, string Why, TimeSpan Took) : FenceTest(Took);
}
