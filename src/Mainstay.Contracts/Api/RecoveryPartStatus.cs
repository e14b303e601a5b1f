namespace Mainstay.Contracts.Api;

/// <summary>One part of a recovery in figures.</summary>
public sealed record RecoveryPartStatus
{
    /// <summary>
    /// <c>detect</c>, <c>prove</c>, <c>stop</c>, <c>place</c>, <c>start</c>, <c>ready</c>, or <c>whole</c> for all of them.
    /// </summary>
    public required string Part { get; init; }

    /// <summary>How often it was measured.</summary>
    public required int Count { get; init; }

    /// <summary>The median in milliseconds: a measured value, by the nearest rank.</summary>
    public required long P50Ms { get; init; }

    /// <summary>What 95 of 100 do not exceed, likewise.</summary>
    public required long P95Ms { get; init; }
}
