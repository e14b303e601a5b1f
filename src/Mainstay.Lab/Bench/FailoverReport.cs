using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>What <c>bench failover --json</c> prints: each phase in seconds after the fault, over all runs.</summary>
internal sealed record FailoverReport
{
    public required string Kind { get; init; }

    public string Bench { get; init; } = "failover";

    public required MachineFacts Machine { get; init; }

    public required int Runs { get; init; }

    public required int Guests { get; init; }

    public required string Victim { get; init; }

    public required string Fence { get; init; }

    /// <summary>In how many runs the store's leader died too.</summary>
    public required int StoreLeaderDied { get; init; }

    /// <summary>Within which one guest is to speak; a goal, not a promise.</summary>
    public double? GoalSeconds { get; init; }

    public required int DoubleRuns { get; init; }

    public required IReadOnlyList<BenchPhase> Phases { get; init; }
}

/// <summary>One phase of a failover over all runs.</summary>
internal sealed record BenchPhase(string Phase, Sample Seconds);
