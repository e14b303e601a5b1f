namespace Mainstay.Contracts.Api;

/// <summary>What the fence methods of a host read.</summary>
public sealed record FenceTestReply
{
    public required string Host { get; init; }

    /// <summary>At least one method read the power: a proof of death is possible.</summary>
    public required bool Ready { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<FenceTestResult> Methods { get; init; }
}
