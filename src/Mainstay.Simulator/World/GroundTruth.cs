using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Simulator.World;

/// <summary>Questions about the world as it is and as the store has it, for checkers, expectations and the end state.</summary>
internal static class GroundTruth
{
    public static OwnershipRecord? Ownership(VirtualWorld world, GroupId group) =>
        world.Etcd.Value(new StoreKey.Ownership(group)) as OwnershipRecord;

    public static GroupSpec? Spec(VirtualWorld world, GroupId group) => world.Etcd.Value(new StoreKey.Group(group)) as GroupSpec;

    public static SessionRecord? Session(VirtualWorld world, HostId host) => world.Etcd.Value(new StoreKey.Session(host)) as SessionRecord;

    public static bool InMaintenance(VirtualWorld world, HostId host) =>
        world.Etcd.Value(new StoreKey.Host(host)) is HostConfig { Maintenance: true };

    /// <summary>Its ownership comes out of a backup, and it was not found yet.</summary>
    public static bool IsSuspended(VirtualWorld world, GroupId group) =>
        Ownership(world, group)?.Incarnation < Settings(world)?.Incarnation;

    public static bool IsDrained(VirtualWorld world, HostId host) =>
        world.Etcd.Value(new StoreKey.Host(host)) is HostConfig { Draining: true };

    public static bool InQuarantine(VirtualWorld world, HostId host) => world.Etcd.Value(new StoreKey.Quarantine(host)) is QuarantineRecord;

    public static ClusterSettings? Settings(VirtualWorld world) => world.Etcd.Value(new StoreKey.Cluster()) as ClusterSettings;

    /// <summary>The session that may run it, or did until its release is confirmed.</summary>
    public static HostSession? OwnerOf(VirtualWorld world, GroupId group) => OwnerIn(Ownership(world, group)?.Phase);

    public static HostSession? OwnerIn(OwnershipPhase? phase) => phase switch
    {
        OwnershipPhase.Claimed claimed => claimed.Owner,
        OwnershipPhase.Releasing releasing => releasing.Owner,
        OwnershipPhase.Migrating migrating => migrating.Owner,
        _ => null,
    };

    /// <summary>The state of a host in one word, as <c>status</c> and the end state print it.</summary>
    public static string HostState(VirtualWorld world, SimHost host) => Session(world, host.Id) switch
    {
        null => "unknown",
        { State: SessionState.Fencing } => "fencing",
        { State: SessionState.Fenced } => "fenced",
        { State: SessionState.Left } => "left",
        { } session when !host.PoweredOn || session.Boot != host.Boot => "down",
        _ => "online",
    };

    /// <summary>The state of a guest in one word: what executes counts, then what the cluster intends.</summary>
    public static string GuestState(VirtualWorld world, SimGuest guest)
    {
        if (guest.Executions.Count > 0)
            return "running";
        if (Spec(world, guest.Id) is not { } spec)
            return "unprotected";
        if (IsSuspended(world, guest.Id))
            return "blocked";
        return (Ownership(world, guest.Id)?.Phase, spec.Desired) switch
        {
            (OwnershipPhase.Blocked, _) => "blocked",
            (_, DesiredState.Stopped) => "stopped",
            (OwnershipPhase.Assigned or OwnershipPhase.Claimed, _) => "starting",
            (OwnershipPhase.Releasing or OwnershipPhase.Migrating, _) => "moving",
            _ => "waiting",
        };
    }

    /// <summary>A host that could take this guest now, by every hard constraint.</summary>
    public static bool CouldTake(VirtualWorld world, SimHost host, SimGuest guest) =>
        host.KernelUp && host.Agent.Runs && host.Libvirt.Runs && host.Beacon.Runs && HostState(world, host) == "online"
        && !InMaintenance(world, host.Id) && !InQuarantine(world, host.Id) && world.Storage.Accessible(host.Index)
        && StorageTruth.Reaches(world, host, guest) && guest.StartsOn(host.Index) && guest.Misses(host) is null
        && host.Hypervisor.UsedMiB + guest.MemoryMiB <= host.MemoryMiB
        && Checks.RuleChecker.Breach(world, guest.Id, host.Id) is null;
}
