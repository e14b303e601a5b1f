namespace Mainstay.Contracts.Api;

/// <summary>What became of one guest of a request about several.</summary>
public sealed record RequestItem
{
    public required string Guest { get; init; }

    public required RequestOutcome Outcome { get; init; }

    public required string Text { get; init; }
}
