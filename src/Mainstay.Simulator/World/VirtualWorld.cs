using System.Globalization;
using Mainstay.Core.Groups;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Simulator.Checks;

namespace Mainstay.Simulator.World;

/// <summary>
/// The virtual world: one thread, one clock, one queue of events. It holds the ground truth, which the agents only learn through their
/// inputs and the checkers read directly.
/// </summary>
internal sealed class VirtualWorld : IDisposable
{
    private readonly EventQueue events = new();
    private readonly List<SimHost> copies = [];

    public VirtualWorld(StartState start, Func<AgentBirth, ISimulatedAgent> agents, LeaseGuards guards)
    {
        Guards = guards;
        Start = start;
        Agents = agents;
        Chance = new Chance(start.Seed);
        Profile = Timing.For(start.Profile);
        Network = new SimNetwork(start.Machines);
        Storage = new SharedStorage(start.Machines, start.ImageLocks);
        Guests = start.Guests.Select((guest, i) => new SimGuest(guest, IndexOfOriginal(start.Guests, i), start.Machines)).ToArray();
        Hosts = start.Hosts.Select((host, i) => new SimHost(this, i, host)).ToArray();
        Storages = start.Storages.Select(storage => new SimStorage(this, storage)).ToArray();
        Etcd = new SimEtcd(this, Hosts.Length < 3 ? 1 : 3);
        Requests = new AdminDesk(this);
        Intruder = new Intruder(this);
        Quiet = new QuietBeacons(this);
        Checks = new CheckerSet(this);
    }

    public StartState Start { get; }

    public Func<AgentBirth, ISimulatedAgent> Agents { get; }

    /// <summary>The guards of the keeper lease: all, unless a test takes one away.</summary>
    public LeaseGuards Guards { get; }

    /// <summary>The guards of ownership, fencing and starts: all, unless a test takes one away.</summary>
    public ProtocolGuards Protocol { get; init; } = ProtocolGuards.All;

    public Timing Profile { get; }

    public Chance Chance { get; }

    public SimNetwork Network { get; }

    public SharedStorage Storage { get; }

    /// <summary>The storages from which hosts can be cut off.</summary>
    public SimStorage[] Storages { get; }

    public SimEtcd Etcd { get; }

    /// <summary>Ordered as in the scenario, which is also the order of their numbers.</summary>
    public SimHost[] Hosts { get; }

    public SimGuest[] Guests { get; }

    public AdminDesk Requests { get; }

    public Intruder Intruder { get; }

    /// <summary>Leaves out the beacons that change nothing.</summary>
    public QuietBeacons Quiet { get; }

    public CheckerSet Checks { get; }

    public Trace Trace { get; } = new();

    public TimeSpan Now { get; private set; }

    /// <summary>When a fault of the network last began or ended.</summary>
    public TimeSpan LastNetworkChange { get; private set; }

    /// <summary>When the scenario proper began; facts before it belong to the start state.</summary>
    public TimeSpan? Zero { get; private set; }

    public TimeSpan ScenarioTime => Now - (Zero ?? TimeSpan.Zero);

    public void After(TimeSpan delay, Action act) => events.Add(Now + delay, act);

    public void At(TimeSpan at, Action act) => events.Add(at < Now ? Now : at, act);

    public void RunFor(TimeSpan span) => RunUntil(Now + span);

    public void RunUntil(TimeSpan until)
    {
        while (events.TryTake(until, out var at, out var act))
        {
            Now = at;
            act();
        }

        Now = until;
    }

    /// <summary>Runs until it holds, looking every few milliseconds. False when it did not hold in time.</summary>
    public bool RunUntil(Func<bool> holds, TimeSpan limit)
    {
        var end = Now + limit;
        while (!holds())
        {
            if (Now >= end)
                return false;
            RunUntil(TimeSpan.FromTicks(Math.Min(end.Ticks, (Now + TimeSpan.FromMilliseconds(10)).Ticks)));
        }

        return true;
    }

    public SimHost Host(HostId id) =>
        Array.Find(Hosts, host => host.Id == id)
        ?? throw new InvalidOperationException($"An agent named the host '{id}', which does not exist.");

    public SimGuest Guest(GroupId id) =>
        Array.Find(Guests, guest => guest.Id == id)
        ?? throw new InvalidOperationException($"An agent named the guest '{id}', which does not exist.");

    public SimStorage StorageOf(string name) =>
        Array.Find(Storages, storage => storage.Name == name)
        ?? throw new InvalidOperationException($"An agent named the storage '{name}', which does not exist.");

    /// <summary>Machines run that are no hosts: beacons reach them too.</summary>
    public bool HasClones => copies.Count > 0;

    /// <summary>The host, and the copies of it.</summary>
    public IEnumerable<SimHost> MachinesOf(HostId id) => Hosts.Concat(copies).Where(machine => machine.Id == id);

    /// <summary>Copies the disk of a host into another machine and boots that.</summary>
    /// <param name="sharesAddresses">What is sent to the host reaches the copy too.</param>
    public SimHost Clone(SimHost original, bool sharesAddresses)
    {
        if (copies.Count == StartState.MostClones)
            throw new InvalidOperationException($"A scenario clones at most {StartState.MostClones} times.");
        Quiet.Disturb();
        Quiet.Allowed = false; // Two machines with one name: not everybody is heard by everybody any more.
        var copy = new SimHost(this, Hosts.Length + copies.Count, Start.Hosts[original.Index], original) { Mark = original.Mark };
        copy.Hypervisor.CopyDefinitions(original.Hypervisor);
        if (sharesAddresses)
            original.Twin = copy;
        Etcd.Knows(copy);
        copies.Add(copy);
        copy.PowerOn(Start.BootTime);
        return copy;
    }

    /// <summary>A member writes the host into the store again, as a join does.</summary>
    public void Admit(SimHost host)
    {
        var by = Array.Find(Hosts, member => member != host && Etcd.Serves(member)) ?? host;
        var key = new StoreKey.Host(host.Id);
        var guard = new Guard(new StoreKey.Session(host.Id), Etcd.Entry(new StoreKey.Session(host.Id))?.ModRevision ?? 0);
        Etcd.Commit(
            by, new StoreTransaction([new Guard(key, 0), guard], [new Change.Put(key, WorldSetup.ConfigOf(this, host))]), static _ => { });
    }

    /// <summary>Power, a process or the network changed: the store looks again who hears whom.</summary>
    public void TopologyChanged()
    {
        NoteTroubles();
        Etcd?.Reevaluate();
    }

    /// <summary>Does something as it was done a moment ago.</summary>
    public void Before(TimeSpan at, Action act)
    {
        var now = Now;
        Now = at;
        act();
        Now = now;
    }

    /// <summary>Remembers for every host that is in trouble that it was so now.</summary>
    public void NoteTroubles()
    {
        Quiet?.Disturb();
        foreach (var host in Hosts ?? [])
        {
            if (host.Beacon.MayBeSilent)
                host.LastTroubled = Now;
        }
    }

    /// <summary>Changes the network and lets everybody notice, before and after.</summary>
    public void ChangeNetwork(Action<SimNetwork> change)
    {
        NoteTroubles();
        change(Network);
        LastNetworkChange = Now;
        TopologyChanged();
    }

    public void BeginScenario() => Zero = Now;

    /// <summary>Session of the boot a host is in, as the store has it; null when it has not joined.</summary>
    public SessionRecord? SessionOf(HostId host) => Etcd.Value(new StoreKey.Session(host)) as SessionRecord;

    private static int IndexOfOriginal(ValueList<GuestStart> guests, int index) =>
        guests[index].CopyOf is { } original ? guests.Index().First(guest => guest.Item.Id == original).Index : index;

    public string Time() => ScenarioTime.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + "s";

    public void Dispose() => Trace.Dispose();
}
