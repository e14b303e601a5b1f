namespace Mainstay.Contracts.Api;

/// <summary>A guest that goes first when both are started.</summary>
public sealed record DependencyStatus
{
    public required string On { get; init; }

    /// <summary><c>started</c>, <c>agent</c>, <c>delay</c> or <c>probe</c>.</summary>
    public required string Gate { get; init; }

    /// <summary>How long it must have run, for the gate <c>delay</c>; 0 else.</summary>
    public double DelaySeconds { get; init; }

    public required double LimitSeconds { get; init; }

    /// <summary><c>continue</c> or <c>hold</c>.</summary>
    public required string Then { get; init; }

    /// <summary>The guest could be started now as far as this one is concerned.</summary>
    public required bool Open { get; init; }

    /// <summary>Why it is open, or is not.</summary>
    public required string Why { get; init; }
}
