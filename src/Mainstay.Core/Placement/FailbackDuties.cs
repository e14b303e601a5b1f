using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Placement;

/// <summary>
/// The leader's part: a guest whose policy says so goes back to a host that it prefers, one at a time, while nothing else is going on. A host
/// must have been well for ten minutes by this leader's clock, and so must the guest where it is: nothing here follows a host that comes
/// and goes.
/// </summary>
internal sealed class FailbackDuties(NodeState state, OperationLedger ledger)
{
    private const int IdleBelow = 30;

    private static readonly TimeSpan WellFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan LooksAgain = TimeSpan.FromMinutes(1);

    private readonly SortedDictionary<HostId, (SessionId Session, Instant Since)> well = [];
    private readonly SortedDictionary<GroupId, (HostSession Owner, Instant Since)> settled = [];
    private readonly SortedDictionary<(GroupId Group, HostId Host), Instant> tried = [];
    private (object? From, bool Any) wanted;

    public void Run()
    {
        if (!ReferenceEquals(wanted.From, state.View.Groups))
            wanted = (state.View.Groups, state.View.Groups.Values.Any(group => Wants(group.Value)));
        if (!wanted.Any || !state.IsLeaderInTheKnow || !state.StoreReachable || !state.View.Armed)
        {
            well.Clear();
            settled.Clear();
            return;
        }

        NoteHosts();
        NoteGuests();
        if (!IsCalm())
            return;
        foreach (var (group, spec) in state.View.Groups)
        {
            if (Wants(spec.Value) && Back(group, spec.Value) is { } host && Go(group, spec.Value, host))
                return;
        }
    }

    private static bool Wants(GroupSpec spec) =>
        spec.Failback.When != FailbackWhen.Never && !spec.Prefers.IsEmpty && spec.Desired == DesiredState.Running;

    private void NoteHosts()
    {
        foreach (var (host, config) in state.View.Hosts)
        {
            if (state.View.OnlineSession(host) is { } session && IsWell(session, config.Value))
            {
                if (!well.TryGetValue(host, out var known) || known.Session != session.Session)
                    well[host] = (session.Session, state.Now);
            }
            else
            {
                well.Remove(host);
            }
        }
    }

    private bool IsWell(HostSession session, HostConfig config) =>
        !config.Maintenance && !state.View.Quarantines.ContainsKey(session.Host) && !IsSilent(session.Host)
        && state.View.Sessions[session.Host].Value.Leaving is null
        && state.View.Loads.GetValueOrDefault(session.Host)?.Value is { HypervisorOk: true } load && load.Session == session.Session;

    private void NoteGuests()
    {
        foreach (var (group, own) in state.View.Ownerships)
        {
            if (own.Value is { HasRun: true, Phase: OwnershipPhase.Claimed { Owner: var owner } })
            {
                if (!settled.TryGetValue(group, out var known) || known.Owner != owner)
                    settled[group] = (owner, state.Now);
            }
            else
            {
                settled.Remove(group);
            }
        }
    }

    // Nobody waits for a place, a proof or a host, and nobody is on the way.
    private bool IsCalm() =>
        state.View.Ownerships.All(own => own.Value.Value.Phase is OwnershipPhase.Claimed or OwnershipPhase.Blocked
            || (own.Value.Value.Phase is OwnershipPhase.Free
                && state.View.Groups.GetValueOrDefault(own.Key)?.Value.Desired != DesiredState.Running))
        && state.View.Sessions.All(session => session.Value.Value.State != SessionState.Fencing && !IsSilentMember(session.Key));

    private bool IsSilentMember(HostId host) => state.View.OnlineSession(host) is not null && IsSilent(host);

    /// <summary>A host that it prefers to its own and may go to now.</summary>
    private HostId? Back(GroupId group, GroupSpec spec)
    {
        if (!settled.TryGetValue(group, out var at) || state.View.IsSuspended(group) || !IsTime(spec.Failback, at.Since + WellFor))
            return null;
        foreach (var host in spec.Prefers)
        {
            if (host == at.Owner.Host)
                return null;
            if (well.TryGetValue(host, out var since) && IsTime(spec.Failback, since.Since + WellFor)
                && IsTime(spec.Failback, tried.TryGetValue((group, host), out var last) ? last + AgainAfter : state.Now)
                && IsOpen(spec.Failback, at.Owner.Host, host) && Fits(group, spec, at.Owner.Host, host))
                return host;
        }

        return null;
    }

    private bool IsTime(Failback failback, Instant at)
    {
        if (failback.When == FailbackWhen.Never || state.Now >= at)
            return true;
        state.WakeAt(at);
        return false;
    }

    private bool IsOpen(Failback failback, HostId from, HostId to)
    {
        if (failback.When == FailbackWhen.Idle)
        {
            // The load is published when it changes, which wakes this.
            return Load(from) < IdleBelow && Load(to) < IdleBelow;
        }

        if (state.TimeOfDay is not { } now)
            return false;
        var wait = failback.Until(now);
        if (wait > TimeSpan.Zero)
            state.WakeAt(state.Now + (wait < LooksAgain ? wait : LooksAgain));
        return wait == TimeSpan.Zero;
    }

    private int Load(HostId host) => state.View.Loads.GetValueOrDefault(host)?.Value.LoadPercent ?? 100;

    private bool Fits(GroupId group, GroupSpec spec, HostId from, HostId to) =>
        new Placer(state.View, host => host == to ? null : "it is not the one that it prefers")
            .Place(new PlacementWish(group, spec, state.View.Ownerships[group].Value, "failback", from)).Chosen == to;

    private bool Go(GroupId group, GroupSpec spec, HostId host)
    {
        var (key, ownKey) = (new StoreKey.Group(group), new StoreKey.Ownership(group));
        if (ledger.IsBusy(key) || ledger.IsBusy(ownKey) || ledger.IsChangingOwnershipOf(group))
            return false;
        tried[(group, host)] = state.Now;
        var own = state.View.Ownerships[group].Value;
        // S6: as for a move by hand, the leader places it once it is free.
        ledger.Persist(
            new StoreTransaction(
                [
                    state.GuardOf(new StoreKey.Leader()), state.GuardOf(key), state.GuardOf(ownKey), state.GuardOf(new StoreKey.Host(host)),
                    state.GuardOf(new StoreKey.Session(host)), state.GuardOf(new StoreKey.Quarantine(host)),
                ],
                [
                    new Change.Put(ownKey, OwnershipRules.Release(own, null, $"back to {host}, which it prefers")),
                    new Change.Put(key, spec with { PreferredHost = host }),
                ]),
            _ => { });
        return true;
    }

    private bool IsSilent(HostId host) => host != state.Self && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now);
}
