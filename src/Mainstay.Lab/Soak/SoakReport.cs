using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Soak;

/// <summary>What a soak found, as <c>--json</c> prints it.</summary>
internal sealed record SoakReport
{
    public required ulong Seed { get; init; }

    public required double Minutes { get; init; }

    public required int Rounds { get; init; }

    /// <summary>How often each fault was done.</summary>
    public required IReadOnlyDictionary<string, int> Faults { get; init; }

    /// <summary>Hosts that were proved dead.</summary>
    public required int Failovers { get; init; }

    /// <summary>Hosts that their watchdogs reset.</summary>
    public required int Resets { get; init; }

    /// <summary>Seconds from a fault that ended a host until its last guest ran elsewhere, by the fault's kind.</summary>
    public required IReadOnlyDictionary<string, Sample> Recovery { get; init; }

    /// <summary>Seconds from the end of a round's faults until the cluster was whole.</summary>
    public Sample? Whole { get; init; }

    /// <summary>Empty: every promise was kept.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>The files with the facts around the violations; absent when there was none.</summary>
    public IReadOnlyList<string>? Evidence { get; init; }
}
