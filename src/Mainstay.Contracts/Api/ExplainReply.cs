namespace Mainstay.Contracts.Api;

/// <summary>Why a guest is where it is.</summary>
public sealed record ExplainReply
{
    public required GuestStatus Guest { get; init; }

    /// <summary>The event that led to the present ownership.</summary>
    public required string Why { get; init; }

    /// <summary>The last placement decision; null when it was never placed by the cluster.</summary>
    public ExplainedDecision? Decision { get; init; }

    /// <summary>Failed starts since it last ran, oldest first.</summary>
    public required IReadOnlyList<ExplainedFailure> Failures { get; init; }

    /// <summary>The proofs of the session that owns it, oldest first.</summary>
    public IReadOnlyList<HostProof> Proofs { get; init; } = [];

    /// <summary>Whether it would start on the host that was asked about; null when none was.</summary>
    public ExplainedPlace? On { get; init; }

    /// <summary>Where it would go if its host were lost now; null when nobody knows.</summary>
    public ExplainedDecision? IfLost { get; init; }

    /// <summary>Its last starts and how long they took, the latest first.</summary>
    public IReadOnlyList<ExplainedRecovery> Recoveries { get; init; } = [];

    /// <summary>For each host that could lose it: what would follow. One sentence each.</summary>
    public required IReadOnlyList<string> Outlook { get; init; }

    /// <summary>The latest facts about it from all hosts that answered, oldest first.</summary>
    public required IReadOnlyList<EventEntry> History { get; init; }
}
