using Mainstay.Core.Capacity;

namespace Mainstay.Cli;

/// <summary>What would follow, as <c>what-if --json</c> prints it.</summary>
internal sealed record WhatIfReport
{
    public string Kind { get; init; } = "what_if";

    public int Schema { get; init; } = 1;

    public required string Cluster { get; init; }

    /// <summary>When the cluster was as the answer supposes.</summary>
    public required DateTimeOffset Taken { get; init; }

    /// <summary>What was supposed: "n1 is lost".</summary>
    public required string Supposed { get; init; }

    /// <summary><c>survived</c>, <c>not_proven</c> or <c>not_survived</c>.</summary>
    public required string Verdict { get; init; }

    public required IReadOnlyList<WhatIfStart> Starts { get; init; }

    public required IReadOnlyList<WhatIfStranded> Stranded { get; init; }

    /// <summary>For each host that is lost: when its death could be proved.</summary>
    public required IReadOnlyList<WhatIfProof> Proofs { get; init; }

    public required WhatIfCapacity Before { get; init; }

    public required WhatIfCapacity After { get; init; }

    public static string Word(LossVerdict verdict) => verdict switch
    {
        LossVerdict.Survived => "survived",
        LossVerdict.NotProven => "not_proven",
        LossVerdict.NotSurvived => "not_survived",
    };
}

/// <summary>A guest that would start elsewhere.</summary>
internal sealed record WhatIfStart(string Guest, string? From, string To);

/// <summary>A guest that would have no place.</summary>
internal sealed record WhatIfStranded(string Guest, string Why);

/// <summary>Seconds after its death; null where there is no such proof.</summary>
internal sealed record WhatIfProof(string Host, double? PowerOffSeconds, double? HungSeconds, double? LeaseSeconds);

/// <summary>Whether further losses are survived.</summary>
/// <param name="Standing"><c>green</c>, <c>amber</c> or <c>red</c>.</param>
/// <param name="HeadroomMiB">The largest guest that could be added with every loss still survived, in MiB.</param>
internal sealed record WhatIfCapacity(string Standing, string Why, long HeadroomMiB)
{
    public static WhatIfCapacity Of(CapacityBoard board, long headroomMiB) =>
        new(board.Standing.ToString().ToLowerInvariant(), board.Why, headroomMiB);
}
