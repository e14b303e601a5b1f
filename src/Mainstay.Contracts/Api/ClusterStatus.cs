namespace Mainstay.Contracts.Api;

/// <summary>The cluster as a whole.</summary>
public sealed record ClusterStatus
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    /// <summary>The host whose agent answered.</summary>
    public required string AnsweredBy { get; init; }

    public required string Version { get; init; }

    /// <summary>False: nothing is fenced, moved or restarted by itself.</summary>
    public required bool Armed { get; init; }

    /// <summary>Why it is disarmed; null when armed.</summary>
    public string? DisarmReason { get; init; }

    /// <summary><c>aggressive</c>, <c>balanced</c> or <c>conservative</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>So many virtual processors may share one of a host; 0: any number.</summary>
    public int VcpusPerCpu { get; init; }

    /// <summary>The host whose agent leads; null when nobody does.</summary>
    public string? Leader { get; init; }

    /// <summary>The store answers linearizable requests here.</summary>
    public required bool Quorum { get; init; }

    /// <summary>Why there is no quorum; null when there is.</summary>
    public string? QuorumWhy { get; init; }

    /// <summary>Findings of <c>mainstay check</c> that must be mended.</summary>
    public int CheckRefused { get; init; }

    /// <summary>Its other findings.</summary>
    public int CheckWarnings { get; init; }

    /// <summary>
    /// Whether every guest would find a place after each loss that is to be survived: <c>green</c>, <c>amber</c> or <c>red</c>.
    /// </summary>
    public string Capacity { get; set; } = "green";

    /// <summary>One sentence on it.</summary>
    public string CapacityWhy { get; set; } = "";

    /// <summary>The last loss of a host after which guests ran again; null when none is kept.</summary>
    public FailoverStatus? LastFailover { get; init; }

    /// <summary>The last revision of the store seen here.</summary>
    public required long Revision { get; init; }
}
