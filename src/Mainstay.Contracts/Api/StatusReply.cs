namespace Mainstay.Contracts.Api;

/// <summary>The cluster as one agent sees it, with what the other agents said of themselves within the deadline.</summary>
public sealed record StatusReply
{
    public int Schema { get; set; } = 1;

    public required ClusterStatus Cluster { get; init; }

    /// <summary>Ordered by name.</summary>
    public required IReadOnlyList<HostStatus> Hosts { get; init; }

    /// <summary>The protected guests, ordered by name.</summary>
    public required IReadOnlyList<GuestStatus> Guests { get; init; }

    /// <summary>Storages that hosts can be cut off from, ordered by name.</summary>
    public IReadOnlyList<StorageStatus> Storages { get; init; } = [];

    /// <summary>Ordered by name.</summary>
    public IReadOnlyList<AppStatus> Applications { get; init; } = [];

    /// <summary>Rules about where guests run, ordered by name.</summary>
    public IReadOnlyList<RuleStatus> Rules { get; init; } = [];

    /// <summary>What needs a person, or limits this answer ("the store has no quorum"), worst first. Empty when all is well.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
