using Mainstay.Core.Facts;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Health;

/// <summary>
/// Hosts that are not well get no new guests. Every agent notes by its own clock since when it sees what, so that no clocks are compared
/// and a new leader need not begin anew; the leader writes it down and takes it back. Nothing here fences, stops or moves anything.
/// </summary>
internal sealed class QuarantineDuties(NodeState state, OperationLedger ledger, LeaveLog leaves)
{
    private static readonly TimeSpan WellFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AfterLeaves = TimeSpan.FromHours(2);

    private static readonly QuarantineCause[] Causes =
        [QuarantineCause.Monitors, QuarantineCause.Disk, QuarantineCause.Links, QuarantineCause.Leaves];

    private readonly SortedDictionary<(HostId Host, QuarantineCause Cause), Sign> signs = [];
    private readonly SortedDictionary<HostId, Instant> held = [];
    private (object? From, bool Well) measured;
    private (ClusterView? View, bool Decides, int UnderWay, UInt128 Speakers) looked;
    private Instant lookAgain;
    private int underWay;

    public void Run()
    {
        if (!state.View.Loaded)
            return;
        var seen = (state.View, state.IsLeaderInTheKnow && state.StoreReachable, underWay, Speakers());
        if (seen != looked || state.Now >= lookAgain)
        {
            (looked, lookAgain) = (seen, Instant.Never);
            Look();
        }

        if (lookAgain != Instant.Never)
            state.WakeAt(lookAgain);
    }

    private void Look()
    {
        NoteRecords();
        if (IsAllWell())
            return;
        foreach (var host in state.View.Sessions.Keys)
            NoteSigns(host);
        if (state.IsLeaderInTheKnow && state.StoreReachable)
        {
            foreach (var host in state.View.Hosts.Keys)
                Decide(host);
        }

        foreach (var (host, cause) in signs.Keys)
            WakeFor(host, cause, signs[(host, cause)]);
        foreach (var since in held.Values)
        {
            WakeAfter(since, WellFor);
            WakeAfter(since, AfterLeaves); // An agent that is new has noted no sign of what put it there.
        }
    }

    // Who can be measured now, in the order of names. All that is looked at beside the view.
    private UInt128 Speakers()
    {
        var (speakers, bit) = (UInt128.Zero, UInt128.One);
        foreach (var host in state.View.Sessions.Keys)
        {
            speakers |= Speaks(host) ? bit : UInt128.Zero;
            bit <<= 1;
        }

        return speakers;
    }

    private bool Speaks(HostId host) => host == state.Self
        || (state.Hearing.IsHeard(host, state.Timing.SuspectAfter, state.Now) && state.Hearing.Sight(host) is { AgentAlive: true });

    // Nobody says anything that would be a sign, and none was noted that is not over.
    private bool IsAllWell()
    {
        if (held.Count > 0 || leaves.AnyLeft(GrayRules.MostLeaves))
            return false;
        if (!ReferenceEquals(measured.From, state.View.Loads))
            measured = (state.View.Loads, state.View.Loads.Values.All(load => GrayRules.IsWell(load.Value.Health)));
        return measured.Well && signs.Values.All(sign => sign.Since is null);
    }

    // What time alone will change; everything else comes with news.
    private void WakeFor(HostId host, QuarantineCause cause, Sign sign)
    {
        if (sign.Since is { } since)
            WakeAfter(since, GrayRules.LastsFor(cause));
        if (sign.GoneSince is { } gone)
            WakeAfter(gone, WellFor);
        if (cause != QuarantineCause.Leaves)
            return;
        if (held.TryGetValue(host, out var put))
            WakeAfter(put, AfterLeaves);
        if (leaves.Oldest(host) is { } oldest)
            WakeAfter(oldest, LeaveLog.Kept + TimeSpan.FromTicks(1));
    }

    private void WakeAfter(Instant since, TimeSpan time)
    {
        if (since + time is var at && at > state.Now)
            lookAgain = Instant.Min(lookAgain, at);
    }

    // A person who takes a host out knows what is wrong with it: that counts again only after it was gone.
    private void NoteRecords()
    {
        foreach (var host in held.Keys.Where(h => !state.View.Quarantines.ContainsKey(h)).ToArray())
        {
            held.Remove(host);
            leaves.Forget(host);
            foreach (var sign in signs.Where(s => s.Key.Host == host && s.Value.Since is not null))
                sign.Value.Excused = true;
        }

        foreach (var host in state.View.Quarantines.Keys)
            held.TryAdd(host, state.Now);
    }

    private void NoteSigns(HostId host)
    {
        Note(host, QuarantineCause.Leaves, GrayRules.Leaves(leaves.Count(host, LeaveLog.Kept)));
        if (Measured(host) is not { } health)
            return; // Unknown is neither well nor ill (C6).
        Note(host, QuarantineCause.Monitors, GrayRules.Monitors(health));
        Note(host, QuarantineCause.Disk, GrayRules.Disk(state.View, host, health));
        Note(host, QuarantineCause.Links, GrayRules.Links(health));
    }

    private HostHealth? Measured(HostId host)
    {
        if (state.View.OnlineSession(host) is not { } session || state.View.Loads.GetValueOrDefault(host)?.Value is not { } load
            || load.Session != session.Session)
            return null;
        return Speaks(host) ? load.Health : null;
    }

    private void Note(HostId host, QuarantineCause cause, string? why)
    {
        if (!signs.TryGetValue((host, cause), out var sign))
        {
            if (why is null)
                return;
            signs[(host, cause)] = sign = new Sign();
        }

        if (why is null)
            (sign.Since, sign.GoneSince, sign.Excused) = (null, sign.GoneSince ?? state.Now, false);
        else
            (sign.Since, sign.GoneSince, sign.Why) = (sign.Since ?? state.Now, null, why);
    }

    private void Decide(HostId host)
    {
        var key = new StoreKey.Quarantine(host);
        if (ledger.IsBusy(key))
        {
            WakeAfter(state.Now, TimeSpan.FromSeconds(1));
            return;
        }

        if (state.View.Quarantines.GetValueOrDefault(host)?.Value is { } record)
        {
            if (record.Cause != QuarantineCause.Person && IsWell(host, record.Cause))
                Lift(host);
            return;
        }

        // What is being written is not in the view yet: there would be room for two where there is room for one.
        if (underWay > 0)
            return;
        foreach (var cause in Causes)
        {
            if (signs.GetValueOrDefault((host, cause)) is { Since: { } since, Excused: false } sign
                && state.Now - since >= GrayRules.LastsFor(cause) && GrayRules.HasRoom(state.View))
            {
                Quarantine(host, new QuarantineRecord(cause, sign.Why));
                return;
            }
        }
    }

    private bool IsWell(HostId host, QuarantineCause cause)
    {
        var heldSince = held.GetValueOrDefault(host, state.Now);
        if (cause == QuarantineCause.Leaves ? state.Now - heldSince < AfterLeaves : Measured(host) is null)
            return false;
        foreach (var any in Causes)
        {
            var sign = signs.GetValueOrDefault((host, any));
            if ((sign is null ? heldSince : sign.GoneSince) is not { } gone || state.Now - gone < WellFor)
                return false;
        }

        return true;
    }

    // There is room for it as long as nobody else was put into quarantine meanwhile, by a person or by another leader.
    private void Quarantine(HostId host, QuarantineRecord record)
    {
        var key = new StoreKey.Quarantine(host);
        var others = state.View.Hosts.Keys.Select(any => state.GuardOf(new StoreKey.Quarantine(any)));
        underWay++;
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(new StoreKey.Host(host)), state.GuardOf(new StoreKey.Leader()), .. others], [new Change.Put(key, record)]),
            outcome =>
            {
                underWay--;
                if (outcome is StoreOutcome.Applied)
                    state.Report(new Fact.HostQuarantined(host, record.Why));
            });
    }

    private void Lift(HostId host)
    {
        var key = new StoreKey.Quarantine(host);
        ledger.Persist(
            new StoreTransaction([state.GuardOf(key), state.GuardOf(new StoreKey.Leader())], [new Change.Delete(key)]),
            outcome =>
            {
                if (outcome is StoreOutcome.Applied)
                    state.Report(new Fact.QuarantineLifted(host, "what was wrong with it is over"));
            });
    }

    /// <summary>One thing that may be wrong with one host, as this agent sees it.</summary>
    private sealed class Sign
    {
        public Instant? Since { get; set; }

        public Instant? GoneSince { get; set; }

        /// <summary>A person took the host out of quarantine while it was so.</summary>
        public bool Excused { get; set; }

        public string Why { get; set; } = "";
    }
}
