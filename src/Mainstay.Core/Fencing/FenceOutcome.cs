namespace Mainstay.Core.Fencing;

/// <summary>What a fence agent's "off" led to. Only <see cref="Confirmed"/> proves anything.</summary>
public abstract record FenceOutcome
{
    private FenceOutcome()
    {
    }

    /// <summary>The power was read as off, by a separate reading after the command.</summary>
    public sealed record Confirmed(string Evidence) : FenceOutcome;

    /// <summary>The device answered that it will not or cannot (wrong password, unknown plug).</summary>
    public sealed record Refused(string Why) : FenceOutcome;

    /// <summary>No answer, a time limit, or an answer that the reading contradicts.</summary>
    public sealed record Unknown(string Why) : FenceOutcome;
}
