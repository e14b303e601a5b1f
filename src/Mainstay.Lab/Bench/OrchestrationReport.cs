using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>What <c>bench orchestration --json</c> prints: seconds from the proof of death.</summary>
internal sealed record OrchestrationReport
{
    public string Bench { get; init; } = "orchestration";

    public required MachineFacts Machine { get; init; }

    public required int Runs { get; init; }

    public required int Resources { get; init; }

    /// <summary>From the proof until the last resource has a new host.</summary>
    public required Sample Assigned { get; init; }

    /// <summary>From the proof until the last resource is started.</summary>
    public required Sample Started { get; init; }
}
