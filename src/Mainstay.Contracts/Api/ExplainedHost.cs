namespace Mainstay.Contracts.Api;

/// <summary>How one host did in a placement decision.</summary>
public sealed record ExplainedHost
{
    public required string Host { get; init; }

    /// <summary>Higher is better; meaningless when rejected.</summary>
    public required long Score { get; init; }

    /// <summary>What the score is made of, for the best hosts.</summary>
    public IReadOnlyList<ExplainedPart> Parts { get; init; } = [];

    /// <summary>Why it could not be; null when it could.</summary>
    public string? Rejected { get; init; }
}
