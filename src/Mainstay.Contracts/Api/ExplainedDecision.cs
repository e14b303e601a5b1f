namespace Mainstay.Contracts.Api;

/// <summary>A placement decision with what was rejected.</summary>
public sealed record ExplainedDecision
{
    public required long Epoch { get; init; }

    /// <summary>Null when no host could take it.</summary>
    public string? Chosen { get; init; }

    /// <summary>The event and the evidence.</summary>
    public required string Because { get; init; }

    /// <summary>Best first, the rejected ones last.</summary>
    public required IReadOnlyList<ExplainedHost> Considered { get; init; }
}
