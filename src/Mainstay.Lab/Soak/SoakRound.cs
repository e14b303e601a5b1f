namespace Mainstay.Lab.Soak;

/// <summary>What one round of a soak came to.</summary>
internal sealed record SoakRound
{
    public required int Number { get; init; }

    /// <summary>In words, in the order in which they were done.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Hosts that were proved dead.</summary>
    public required int Fenced { get; init; }

    /// <summary>Hosts that their watchdogs reset.</summary>
    public required int Resets { get; init; }

    /// <summary>Seconds from the fault until the last guest of the host ran elsewhere; absent when that was not waited for.</summary>
    public double? Recovered { get; init; }

    /// <summary>Seconds from the end of the faults until the cluster was ready to lose any host again.</summary>
    public double? Whole { get; init; }

    public required IReadOnlyList<string> Violations { get; init; }
}
