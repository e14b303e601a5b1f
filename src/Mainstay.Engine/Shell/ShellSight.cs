using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Engine.Shell;

/// <summary>What this agent sees at one moment: immutable, read by the API from anywhere.</summary>
public sealed record ShellSight
{
    public required ClusterView View { get; init; }

    /// <summary>The last report of the beacon and when it came; null before the first and while the beacon is away.</summary>
    public BeaconReport? Beacon { get; init; }

    public Instant BeaconAt { get; init; }

    /// <summary>The store answers linearizable requests.</summary>
    public bool StoreReachable { get; init; }

    public string StoreWhy { get; init; } = "the store was not read yet";

    /// <summary>The last revision of the store seen here.</summary>
    public long Revision { get; init; }

    /// <summary>The hypervisor's connection stands.</summary>
    public bool HypervisorConnected { get; init; }

    public string HypervisorWhy { get; init; } = "not connected yet";
}
