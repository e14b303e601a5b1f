namespace Mainstay.Lab.Bench;

/// <summary>How late a loop woke that wanted to wake every 100 ms, in milliseconds.</summary>
internal sealed record LoopGaps
{
    public required long WakeUps { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    public required double MaxMs { get; init; }

    /// <summary>What its thread allocated while it was measured.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Collections of garbage meanwhile.</summary>
    public required int Collections { get; init; }
}

/// <summary>What <c>bench beacon --json</c> prints: the real beacon and an ordinary .NET process under the same load.</summary>
internal sealed record BeaconReport
{
    public string Bench { get; init; } = "beacon";

    public required MachineFacts Machine { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Busy processes besides one that churns memory and one that churns the disk.</summary>
    public required int BusyProcesses { get; init; }

    public required LoopGaps Beacon { get; init; }

    public required LoopGaps Dotnet { get; init; }
}
