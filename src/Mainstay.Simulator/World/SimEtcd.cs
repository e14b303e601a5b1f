using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>
/// The etcd cluster: linearizable, available while a leader reaches a majority of the members, and with the bad days of the real one:
/// elections, lost answers, requests that take effect late, slow disks, watches that must begin anew.
/// </summary>
internal sealed class SimEtcd
{
    private const string NoAnswer = "the store did not answer within 1 s";

    private readonly VirtualWorld world;
    private readonly int[] members;
    private StoreState state = new();
    private StoreState? backup;
    private int restored;
    private readonly List<StoreRequest> waiting = [];
    private readonly List<StoreWatch> watches;
    private readonly SortedSet<StoreKey> newer = [];
    private int leader = -1;
    private long term;
    private bool electionPlanned;

    public SimEtcd(VirtualWorld world, int voters)
    {
        this.world = world;
        members = Enumerable.Range(0, voters).ToArray();
        watches = [.. world.Hosts.Select(host => new StoreWatch(world, host))];
    }

    /// <summary>All members stopped answering.</summary>
    public bool Outage { get; private set; }

    /// <summary>What a slow disk adds to every commit.</summary>
    public TimeSpan ExtraCommit { get; set; }

    /// <summary>Its disks are full: it answers questions and takes no writes.</summary>
    public bool Full { get; set; }

    /// <summary>What a slow watch adds to every notification.</summary>
    public TimeSpan WatchDelay { get; set; }

    /// <summary>Share of commits whose answer is lost, in percent.</summary>
    public int LostAnswers { get; set; }

    /// <summary>What tells this store from one that was made from a backup of it.</summary>
    public string Id => $"etcd-{restored}";

    /// <summary>The records as they were in the moment before the last restore; null when there was none.</summary>
    public StoreState? Lost { get; private set; }

    /// <summary>The incarnation of the records in <see cref="Lost"/>.</summary>
    public long LostIncarnation => (Lost?.Find(new StoreKey.Cluster())?.Value as ClusterSettings)?.Incarnation ?? 0;

    public bool HasLeader => leader >= 0;

    public SimHost? Leader => leader >= 0 ? world.Hosts[leader] : null;

    public StoreValue? Value(StoreKey key) => state.Find(key)?.Value;

    public IEnumerable<StoreEntry> All => state.All;

    public StoreEntry? Entry(StoreKey key) => state.Find(key);

    public void SetOutage(bool outage)
    {
        Outage = outage;
        Reevaluate();
    }

    /// <summary>Writes the start state, before anybody watches.</summary>
    public void Seed(ValueList<Change> changes) => state.Apply(changes);

    public void AgentStarted(SimHost host) => watches[host.Index].Begin();

    /// <summary>One more machine whose agent may come.</summary>
    public void Knows(SimHost host) => watches.Add(new StoreWatch(world, host));

    public void AgentGone(SimHost host) => watches[host.Index].End();

    public void Backup() => backup = state.Copy();

    /// <summary>
    /// The members are stopped, each gets the backup, and they are started. Without a backup the state at the start of the scenario counts.
    /// </summary>
    public void Restore()
    {
        if (backup is null)
            return;
        (Lost, state) = (state, backup.Copy());
        restored++;
        waiting.Clear();
        term++;
        leader = -1;
        foreach (var watch in watches)
            watch.Restored();
        world.Checks.StoreRestored();
        Reevaluate();
    }

    /// <summary>History was compacted: every watch must begin anew.</summary>
    public void Compact()
    {
        foreach (var watch in watches)
            watch.Reload();
    }

    /// <summary>A newer version writes this value anew, in a form that older ones cannot read.</summary>
    public void WriteNewer(StoreKey key)
    {
        if (state.Find(key)?.Value is not { } value)
            return;
        newer.Add(key);
        var changes = state.Apply([new Change.Put(key, value)]);
        foreach (var watch in watches)
            watch.Notify(changes, state.Revision);
    }

    /// <summary>S3: it would write over what it cannot read.</summary>
    public bool IsForeignTo(SimHost host, StoreKey key) => host.Older && newer.Contains(key) && state.Find(key) is not null;

    /// <summary>The entries as the agent's version of that host reads them.</summary>
    public ValueList<StoreEntry> AsReadBy(SimHost host, ValueList<StoreEntry> entries) => !host.Older || newer.Count == 0
        ? entries
        : entries.Where(e => e.Value is null || !newer.Contains(e.Key) || world.Protocol.LeavesNewerAlone)
            .Select(e => e.Value is not null && newer.Contains(e.Key)
                ? e with { Value = new ForeignValue($"{e.Key}: schema 2 was written by a newer version; upgrade this agent") }
                : e)
            .ToValueList();

    public ValueList<StoreEntry> Snapshot(out long revision)
    {
        revision = state.Revision;
        return state.All.ToValueList();
    }

    /// <summary>The host has a member to talk to, and that member has a leader with a majority.</summary>
    public bool Serves(SimHost host)
    {
        if (leader < 0 || !host.KernelUp)
            return false;
        foreach (var member in members)
        {
            if (Runs(member) && Joined(host.Index, member) && Joined(member, leader))
                return true;
        }

        return false;
    }

    public void Reevaluate()
    {
        if (leader >= 0 && !CanLead(leader))
            leader = -1;
        if (leader < 0 && !electionPlanned && members.Any(CanLead))
        {
            electionPlanned = true;
            world.After(Latency.Election(world.Chance), Elect);
        }

        if (leader >= 0)
            Flush();
        foreach (var watch in watches)
            watch.Look();
    }

    public void Commit(SimHost host, StoreTransaction transaction, Action<StoreOutcome> reply)
    {
        var answer = new Answer<StoreOutcome>(reply);
        var request = new StoreRequest(host, Expires(), restored, () => Apply(host, transaction, answer));
        world.After(Latency.StoreLimit, () => answer.Give(new StoreOutcome.Unknown(NoAnswer)));
        world.After(Latency.StoreHop(world.Chance), () => Arrive(request));
    }

    public void Read(SimHost host, ValueList<StoreKey> keys, Action<Observed<ValueList<StoreEntry>>> reply)
    {
        var answer = new Answer<Observed<ValueList<StoreEntry>>>(reply);
        var request = new StoreRequest(host, world.Now + Latency.StoreLimit, restored, () =>
        {
            var seen = AsReadBy(host, keys.Select(key => state.Find(key) ?? new StoreEntry(key, null, state.Revision)).ToValueList());
            world.After(Latency.StoreHop(world.Chance), () =>
            {
                if (Serves(host))
                    answer.Give(new Observed<ValueList<StoreEntry>>.Known(seen));
            });
        });
        world.After(
            Latency.StoreLimit, () => answer.Give(new Observed<ValueList<StoreEntry>>.Unknown(NoAnswer)));
        world.After(Latency.StoreHop(world.Chance), () => Arrive(request));
    }

    /// <summary>Now and then a request outlives its sender's patience and takes effect late.</summary>
    private TimeSpan Expires() => world.Now + (world.Chance.Happens(30) ? Latency.StoreLate : Latency.StoreLimit);

    private void Arrive(StoreRequest request)
    {
        if (request.Store != restored || (!request.Host.KernelUp && !request.Received))
            return; // It was sent to the store that was there before.
        if (!Serves(request.Host) && !(request.Received && HasLeader))
        {
            waiting.Add(request);
            return;
        }

        request.Received = true;
        var during = term;
        world.After(Latency.StoreCommit(world.Chance) + ExtraCommit, () => Execute(request, during));
    }

    private void Execute(StoreRequest request, long during)
    {
        if (leader >= 0 && term == during && request.Store == restored)
            request.Act();
        else if (world.Chance.Happens(50))
            Arrive(request); // The next leader has it in its log, or will; otherwise it is lost with the old one.
    }

    private void Apply(SimHost host, StoreTransaction transaction, Answer<StoreOutcome> answer)
    {
        StoreOutcome outcome = new StoreOutcome.Conflict();
        world.Checks.Store.Arrives(host, transaction);
        if (Full)
        {
            outcome = new StoreOutcome.Unknown("etcdserver: mvcc: database space exceeded");
        }
        else if (state.Holds(transaction))
        {
            world.Checks.Store.Applies(host, transaction);
            var changes = state.Apply(transaction.Changes);
            outcome = new StoreOutcome.Applied(state.Revision);
            foreach (var watch in watches)
                watch.Notify(changes, state.Revision);
        }

        if (world.Chance.Happens(LostAnswers))
            return;
        world.After(Latency.StoreHop(world.Chance), () =>
        {
            if (Serves(host))
                answer.Give(outcome);
        });
    }

    private void Elect()
    {
        electionPlanned = false;
        if (leader >= 0)
            return;
        var candidates = members.Where(CanLead).ToArray();
        if (candidates.Length == 0)
            return;
        leader = world.Chance.Of(candidates);
        term++;
        Reevaluate();
    }

    private void Flush()
    {
        if (waiting.Count == 0)
            return;
        var now = waiting.ToArray();
        waiting.Clear();
        foreach (var request in now)
        {
            if (request.Expires > world.Now)
                Arrive(request);
        }
    }

    private bool CanLead(int member) => Runs(member) && members.Count(other => Runs(other) && Joined(member, other)) > members.Length / 2;

    private bool Runs(int member) => !Outage && world.Hosts[member].Etcd.Runs;

    /// <summary>Both certificates are good, which counts on the way to the own member too, and the network is whole.</summary>
    private bool Joined(int a, int b) =>
        !Outdated(a) && !Outdated(b) && (a == b || world.Network.OpenBothWays(a, b, SimNetwork.Mgmt));

    private bool Outdated(int host) => host < world.Hosts.Length && world.Hosts[host].Ailments.CertificateExpired;
}

/// <summary>A request on its way to the store's leader.</summary>
internal sealed class StoreRequest(SimHost host, TimeSpan expires, int store, Action act)
{
    /// <summary>The store it was sent to: one that was restored since is another.</summary>
    public int Store => store;

    public SimHost Host { get; } = host;

    public TimeSpan Expires { get; } = expires;

    /// <summary>What it does when it takes effect.</summary>
    public Action Act { get; } = act;

    /// <summary>A member has it: it may take effect even if its sender is gone.</summary>
    public bool Received { get; set; }
}
