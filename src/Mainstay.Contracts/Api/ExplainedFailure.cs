namespace Mainstay.Contracts.Api;

/// <summary>A start that failed.</summary>
public sealed record ExplainedFailure
{
    public required string Host { get; init; }

    public required string Error { get; init; }
}
