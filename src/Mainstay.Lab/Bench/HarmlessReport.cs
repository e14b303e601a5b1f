namespace Mainstay.Lab.Bench;

/// <summary>What <c>bench failover --json</c> prints for a kind that must cost nothing: what it cost over all runs.</summary>
internal sealed record HarmlessReport
{
    public required string Kind { get; init; }

    /// <summary>Guests that were given to another host.</summary>
    public required int Moved { get; init; }

    /// <summary>Guests whose process ended.</summary>
    public required int Stopped { get; init; }

    /// <summary>Hosts against which fencing began.</summary>
    public required int Fenced { get; init; }

    /// <summary>Hosts that their watchdog reset.</summary>
    public required int Resets { get; init; }

    /// <summary>The longest time, over all runs, that the process of a guest was stopped.</summary>
    public required double PausedSeconds { get; init; }

    /// <summary>The longest time between two beats of a guest on its disk; a quarter of a second when nothing happens.</summary>
    public required double SilentSeconds { get; init; }

    /// <summary>How long the longest cut really was; absent where nothing was cut.</summary>
    public double? CutSeconds { get; init; }

    /// <summary>Whether nothing happened; three seconds of no network may pause the guests.</summary>
    public required bool Harmless { get; init; }

    public required int DoubleRuns { get; init; }

    public required bool Whole { get; init; }

    public required int Runs { get; init; }

    public required int Guests { get; init; }

    public required string Victim { get; init; }

    public string Bench { get; init; } = "failover";

    public required MachineFacts Machine { get; init; }
}
