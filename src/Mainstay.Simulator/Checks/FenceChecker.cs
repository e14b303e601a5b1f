using Mainstay.Core.Model;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>S5 and S9 where hosts are fenced: with quorum, armed, not in maintenance, few at once, and never a healthy one.</summary>
internal sealed class FenceChecker
{
    // 10 s, less what the way to the store may differ from one commit to the next.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(9.8);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TroubleCounts = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DecisionCounts = TimeSpan.FromSeconds(3);

    private readonly VirtualWorld world;
    private readonly CheckerSet checks;
    private readonly TimeSpan?[] maintenanceSince;
    private readonly bool[] vouched;
    private readonly List<(TimeSpan At, HostId Host)> aliveWhenCommitted = [];
    private readonly SortedDictionary<HostSession, TimeSpan> decided = [];
    private TimeSpan? disarmedSince;

    public FenceChecker(VirtualWorld world, CheckerSet checks)
    {
        (this.world, this.checks) = (world, checks);
        maintenanceSince = new TimeSpan?[world.Start.Machines];
        vouched = new bool[world.Start.Machines];
    }

    public void ArmedChanges(bool armed) => disarmedSince = armed ? null : disarmedSince ?? world.Now;

    public void MaintenanceChanges(HostId host, bool on)
    {
        ref var since = ref maintenanceSince[world.Host(host).Index];
        since = on ? since ?? world.Now : null;
    }

    /// <summary>A person said that this host is dead: then it is fenced on his word.</summary>
    public void Vouched(HostId host) => vouched[world.Host(host).Index] = true;

    /// <summary>The store now says that this session is being fenced.</summary>
    public void Committed(SimHost by, HostSession target, BootId boot)
    {
        var host = world.Host(target.Host);
        decided[target] = world.Now;
        if (vouched[host.Index])
            return;
        if (disarmedSince is { } since && world.Now - since > Grace)
            checks.Violate("S5", $"{by.Id} begins to fence {target} although the cluster is disarmed");
        if (maintenanceSince[host.Index] is { } at && world.Now - at > Grace)
            checks.Violate("S5", $"{by.Id} begins to fence {target}, which is in maintenance");
        if (!host.PoweredOn || host.Boot != boot)
            return;
        if (!host.Beacon.MayBeSilent && world.Now - host.LastTroubled > TroubleCounts + world.Etcd.ExtraCommit)
            HealthyFenced(by, host, target);
        var window = by.Clocks.Lasts(Window); // It counts by its own clock, which a time service may slew.
        aliveWhenCommitted.RemoveAll(earlier => world.Now - earlier.At > window);
        aliveWhenCommitted.Add((world.Now, host.Id));
        if (aliveWhenCommitted.Count > Math.Max(1, world.Hosts.Length / 4))
            checks.Violate("S5", $"{aliveWhenCommitted.Count} living hosts are fenced within 10 s, the last is {host.Id}");
    }

    /// <summary>Until now the store held the session to be fenced: an order given on a reading of it may still be on its way.</summary>
    public void HeldUntilNow(HostSession target) => decided[target] = world.Now;

    /// <summary>An agent orders the power of a session to be cut.</summary>
    public void Ordered(SimHost by, HostSession target)
    {
        var host = world.Host(target.Host);
        if (!by.Agent.KnowsStore)
            checks.Violate("S5", $"{by.Id} fences {target} although it knows that it has no store");
        if (disarmedSince is { } since && world.Now - since > Grace + world.Etcd.WatchDelay && !vouched[host.Index])
            checks.Violate("S5", $"{by.Id} fences {target} although the cluster is disarmed");
        if (maintenanceSince[host.Index] is { } at && world.Now - at > Grace + world.Etcd.WatchDelay)
            checks.Violate("S5", $"{by.Id} fences {target}, which is in maintenance");
        var session = GroundTruth.Session(world, target.Host);
        if (session?.Session == target.Session && session.State is SessionState.Fencing or SessionState.Fenced)
            decided[target] = world.Now;
        if (!decided.TryGetValue(target, out var last) || world.Now - last > DecisionCounts + world.Etcd.WatchDelay)
            checks.Violate("S5", $"{by.Id} fences {target}, which the store does not hold to be fenced");
    }

    /// <summary>A BMC cut the power of a host that had it.</summary>
    public void PowerCutByBmc(SimHost host, SimHost by)
    {
        // An order for an earlier session may be carried out late; that the storage is gone has nothing to do with it.
        if (decided.Keys.Any(target => target.Host == host.Id))
            return;
        if (world.Storage.Outage && !host.Beacon.MayBeSilent && world.Now - host.LastTroubled > TroubleCounts)
            checks.Violate("S5", $"{host.Id} was powered off by {by.Id} while all hosts had lost the storage and nothing else was wrong");
    }

    private void HealthyFenced(SimHost by, SimHost host, HostSession target)
    {
        var processes = new[] { host.Agent.State, host.Beacon.State, host.Libvirt.State }.Any(state => state != ProcessState.Running);
        checks.Violate(
            processes ? "S9" : "S5",
            processes
                ? $"{by.Id} fences {target}, of which only a process is down"
                : $"{by.Id} fences {target}, which nothing keeps from being heard");
    }
}
