namespace Mainstay.Cli;

/// <summary>Whether the losses that are to be survived would be, as <c>capacity --json</c> prints it.</summary>
internal sealed record CapacityReport
{
    public string Kind { get; init; } = "capacity";

    public int Schema { get; init; } = 1;

    public required string Cluster { get; init; }

    public required DateTimeOffset Taken { get; init; }

    public required int HostLosses { get; init; }

    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary><c>green</c>, <c>amber</c> or <c>red</c>.</summary>
    public required string Standing { get; init; }

    public required string Why { get; init; }

    /// <summary>The largest guest that could be added with every loss still survived, in MiB.</summary>
    public required long HeadroomMiB { get; init; }

    public required IReadOnlyList<CapacityLoss> Losses { get; init; }
}

/// <summary>One loss that is to be survived.</summary>
/// <param name="Loss">"n1", "n1, then n2", "rack r1".</param>
/// <param name="Verdict"><c>survived</c>, <c>not_proven</c> or <c>not_survived</c>.</param>
/// <param name="Starts">Where its guests would start.</param>
/// <param name="Stranded">Guests that would have no place.</param>
internal sealed record CapacityLoss(
    string Loss, string Verdict, IReadOnlyList<WhatIfStart> Starts, IReadOnlyList<WhatIfStranded> Stranded);
