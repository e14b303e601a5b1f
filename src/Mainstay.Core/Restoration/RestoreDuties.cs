using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Restoration;

/// <summary>
/// Notices a store that was put back in time, and begins a new incarnation of it: one transaction that suspends every group at once,
/// because a record of an earlier incarnation counts as blocked. Until then this agent does nothing with the store (S3), and until a group
/// was found nobody starts it.
/// </summary>
internal sealed class RestoreDuties(NodeState state, OperationLedger ledger)
{
    /// <summary>How old the kept revision may be while no owner changes. A change of an owner is kept at once.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    /// <summary>Keeper sets of the lost time had numbers too: none of them is used again.</summary>
    private const long KeeperEpochsSkipped = 1000;

    private const int MostHosts = 45;
    private const int MostCutOff = 7;

    private string storeId = "";
    private StoreMark? saved;
    private object? savedOwners;
    private object? knownFrom;
    private (object? View, SessionId? Session) seen;
    private ValueList<KnownHost> known;
    private (object? Sessions, object? Fences) spentFrom;
    private ValueList<SpentSession> spent;
    private Instant nextSave;

    /// <summary>Takes over a reading of everything, and looks whether it can be younger than the last one.</summary>
    public void OnLoaded(NodeInput.StoreLoaded loaded)
    {
        storeId = loaded.StoreId;
        if (RestoreRules.WentBack(state.Mark, loaded.StoreId, loaded.Revision) is not { } why)
        {
            state.View = state.View.Reload(loaded.Entries, loaded.Revision);
            state.WatchedRevision = loaded.Revision;
            return;
        }

        // What is known of the lost time is no newer than this any more: it is another time.
        state.View = ClusterView.Empty.Reload(loaded.Entries, loaded.Revision);
        state.WatchedRevision = loaded.Revision;
        if (state.View.Incarnation > state.Mark?.Incarnation)
            return; // Somebody has answered to it already.
        state.StoreDoubt = why;
        state.Report(new Fact.StoreWentBack(state.Self, why));
    }

    public void Run()
    {
        if (!state.View.Loaded || state.View.Settings is null)
            return;
        if (state.StoreDoubt is not null && state.View.Incarnation > state.Mark?.Incarnation)
            state.StoreDoubt = null;
        if (state.StoreDoubt is { } why)
            Begin($"{state.Self} found the store older than it was: {why}");
        else
            Remember();
    }

    /// <summary>A new incarnation: from here on every group is suspended, also for agents that noticed nothing.</summary>
    private void Begin(string because)
    {
        if (!state.StoreReachable || ledger.IsBusy(new StoreKey.Cluster()) || Beginning() is not { } transaction)
            return;
        ledger.Persist(transaction, outcome =>
        {
            if (outcome is StoreOutcome.Applied)
                state.Report(new Fact.IncarnationBegan(state.View.Incarnation, because));
        });
    }

    /// <summary>Null when the store has no settings to count in.</summary>
    private StoreTransaction? Beginning()
    {
        var (view, cluster) = (state.View, new StoreKey.Cluster());
        if (view.Settings?.Value is not { } settings)
            return null;
        var next = Math.Max(settings.Incarnation, state.Mark?.Incarnation ?? 0) + 1;
        var guards = new List<Guard> { state.GuardOf(cluster) };
        var changes = new List<Change> { new Change.Put(cluster, settings with { Incarnation = next }) };
        void Put(StoreKey key, StoreValue value)
        {
            guards.Add(state.GuardOf(key));
            changes.Add(new Change.Put(key, value));
        }

        // S1: a host that joined in the lost time may run guests too. Without it nobody would wait for its word.
        var numbers = new SortedSet<int>(view.Hosts.Values.Select(h => h.Value.Number));
        foreach (var lost in (state.Mark?.Hosts ?? []).Where(h => !view.Hosts.ContainsKey(h.Host)).Take(MostHosts))
        {
            if (numbers.Add(lost.Config.Number))
                Put(new StoreKey.Host(lost.Host), lost.Config);
        }

        // S2: a host that was dead when the backup was made may have returned since: its death has to be proved anew. What it was cut off
        // from it may still be.
        var cutOff = 0;
        foreach (var (host, session) in view.Sessions.Where(s => s.Value.Value.State != SessionState.Online).Take(MostHosts))
        {
            var fresh = state.Random.NextSession();
            Put(new StoreKey.Session(host), session.Value with { Session = fresh, State = SessionState.Online, Lease = null });
            if (SpentRules.Of(view, host) is { IsEmpty: false } storages && state.Guards.RecallsSpent && cutOff++ < MostCutOff)
                Put(new StoreKey.Fence(new HostSession(host, fresh)), new FenceRecord(SpentRules.Reason, []) { Revocations = storages });
        }

        if (view.Keepers?.Value is { } keepers)
            Put(new StoreKey.Keepers(), keepers with { Epoch = keepers.Epoch + KeeperEpochsSkipped });
        return new StoreTransaction(guards.ToValueList(), changes.ToValueList());
    }

    private void Remember()
    {
        if (!ReferenceEquals(seen.View, state.View) || seen.Session != state.Session)
            Look();
        if (state.Mark is not { } mark || mark == saved)
            return;
        if (saved is null || saved with { Revision = mark.Revision } != mark || !ReferenceEquals(savedOwners, state.View.Ownerships)
            || state.Now >= nextSave)
        {
            (saved, savedOwners, nextSave) = (mark, state.View.Ownerships, state.Now + SaveEvery);
            state.Emit(new NodeEffect.SaveStoreMark(mark));
        }
        else
        {
            state.WakeAt(nextSave);
        }
    }

    private void Look()
    {
        seen = (state.View, state.Session);
        var last = state.Mark is { } mark && mark.Incarnation == state.View.Incarnation && mark.StoreId == storeId ? mark.Revision : 0;
        state.Mark = new StoreMark(
            storeId, Math.Max(state.WatchedRevision, last), state.View.Incarnation, state.Boot, state.Session ?? state.Remembered?.Session,
            Hosts())
        {
            Spent = Spent(),
        };
    }

    private ValueList<SpentSession> Spent()
    {
        if (ReferenceEquals(spentFrom.Sessions, state.View.Sessions) && ReferenceEquals(spentFrom.Fences, state.View.Fences))
            return spent;
        spentFrom = (state.View.Sessions, state.View.Fences);
        return spent = SpentRules.Known(state.View, state.Mark?.Spent ?? []);
    }

    private ValueList<KnownHost> Hosts()
    {
        if (ReferenceEquals(knownFrom, state.View.Hosts))
            return known;
        knownFrom = state.View.Hosts;
        return known = state.View.Hosts.Select(h => new KnownHost(h.Key, h.Value.Value with { FenceMethods = [] })).ToValueList();
    }
}
