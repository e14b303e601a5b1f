namespace Mainstay.Contracts.Api;

/// <summary>One start of a guest, and how long it took. What was not measured is null.</summary>
public sealed record ExplainedRecovery
{
    /// <summary><c>failover</c>, <c>move</c>, <c>start</c> or <c>restart</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>When it ran, by the journal of its host; null when that does not reach back so far.</summary>
    public DateTimeOffset? Time { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Where it was started.</summary>
    public required string Host { get; init; }

    /// <summary>The host that was lost; null unless it is a failover.</summary>
    public string? Lost { get; init; }

    /// <summary>The kind of proof; null unless it is a failover.</summary>
    public string? Proof { get; init; }

    /// <summary>Milliseconds by part, those that were measured, and <c>whole</c> when every part is known.</summary>
    public required IReadOnlyDictionary<string, long> Ms { get; init; }
}
