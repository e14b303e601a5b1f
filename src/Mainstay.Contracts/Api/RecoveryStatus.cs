namespace Mainstay.Contracts.Api;

/// <summary>How long the kept recoveries of one kind took.</summary>
public sealed record RecoveryStatus
{
    /// <summary>
    /// <c>failover</c> (its host was lost), <c>move</c>, <c>start</c> (it ran nowhere) or <c>restart</c> (it failed and was started
    /// where it was).
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>So many of the last twenty starts were of this kind.</summary>
    public required int Count { get; init; }

    /// <summary>The parts that were measured at least once, in their order.</summary>
    public required IReadOnlyList<RecoveryPartStatus> Parts { get; init; }

    /// <summary>Of those of which every part is known; null when there is none.</summary>
    public RecoveryPartStatus? Whole { get; init; }
}
