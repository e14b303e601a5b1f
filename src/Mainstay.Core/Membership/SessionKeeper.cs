using Mainstay.Core.Facts;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Recovery;
using Mainstay.Core.Restoration;

namespace Mainstay.Core.Membership;

/// <summary>
/// Joins the cluster, recognizes its own session after a restart, and leaves a session that the cluster has ended: first nothing
/// protected runs here any more, then a new session begins.
/// </summary>
internal sealed class SessionKeeper(NodeState state, OperationLedger ledger, HostClearance clearance, ArrivalDuties arrivals)
{
    private const string Declared = "the cluster declared this session dead while the host runs";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>How long a session in Fencing waits, its guests running, for the leader to take it back or to prove it dead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly StorageReturn storages = new(state, ledger);
    private Instant notBefore;
    private Instant? fencingSince;
    private SessionId? left;
    private bool isAsking;
    private bool isEndConfirmed;
    private long registeredIn;

    private enum Standing
    {
        New,
        Resumable,
        Ended,
    }

    public void Run()
    {
        if (!state.View.Loaded)
            return;
        if (HasLeft())
            return;
        var isMember = state.View.Hosts.ContainsKey(state.Self);
        if (state.Session is { } known && isMember && ComesFromBackup(known))
        {
            Confirm(known);
            return;
        }

        if (state.Session is { } session && (!isMember || !StillMine(session)))
            Lose(session, isMember ? WhyEnded() : "this host was taken out of the cluster");
        if (!isMember || state.Session is not null || ledger.IsBusy(new StoreKey.Session(state.Self)))
            return;
        switch (MyStanding())
        {
            case Standing.Resumable:
                Resume();
                break;
            case Standing.New or Standing.Ended when (!state.Guards.ClearsOutBeforeJoin || clearance.IsClear())
                && arrivals.MayEnd(state.View.Sessions.GetValueOrDefault(state.Self)?.Value)
                && storages.IsDone(OldSession(), ProveEnd, out var next):
                Join(next);
                break;
        }
    }

    // This life left in order, by its own hand: it comes back only when the agent is started anew, as after a boot.
    private bool HasLeft()
    {
        var record = state.View.Sessions.GetValueOrDefault(state.Self)?.Value;
        if (state.Session is { } session && record is { State: SessionState.Left } && record.Session == session)
        {
            (left, state.Session) = (session, null);
            state.Report(new Fact.HostLeft(new HostSession(state.Self, session)));
        }

        return left is not null && record is { State: SessionState.Left } && record.Session == left;
    }

    private bool StillMine(SessionId session)
    {
        if (state.View.Sessions.GetValueOrDefault(state.Self)?.Value is not { } record || record.Session != session)
            return false;
        if (record.State == SessionState.Online && CannotReturn(session))
        {
            fencingSince ??= state.Now; // It was cut off in the time that a restored store has forgotten.
            return !isEndConfirmed && AskAgain(session);
        }

        if (record.State != SessionState.Fencing)
        {
            fencingSince = null;
            return record.State == SessionState.Online;
        }

        fencingSince ??= state.Now;
        if (state.Now >= fencingSince.Value + Patience || CannotReturn(session))
            return !isEndConfirmed && AskAgain(session);
        isEndConfirmed = false;
        state.WakeAt(fencingSince.Value + Patience);
        return true;
    }

    // Nothing to wait for: its guests are cut off from their disks, and go on elsewhere the sooner it lets go.
    private bool CannotReturn(SessionId session) =>
        state.View.Fences.GetValueOrDefault(new HostSession(state.Self, session))?.Value is { } fence
        && SpentRules.EndsItself(fence);

    // What this agent knows may be old: the session may be online again. Guests are given up only on a fresh reading (S9).
    private bool AskAgain(SessionId session)
    {
        if (!state.Guards.AsksBeforeGivingUp)
            return false;
        if (isAsking || !state.StoreReachable)
            return true;
        isAsking = true;
        ValueList<StoreKey> keys = [new StoreKey.Session(state.Self), new StoreKey.Fence(new HostSession(state.Self, session))];
        ledger.Ask(op => new NodeEffect.ReadStore(op, keys), input =>
        {
            isAsking = false;
            if (!state.TakeOver(input))
                return;
            isEndConfirmed = state.View.Sessions.GetValueOrDefault(state.Self)?.Value is { } record && record.Session == session
                && (record.State == SessionState.Fencing || (record.State == SessionState.Online && CannotReturn(session)));
        });
        return true;
    }

    // The store was put back in time: what it says of this host's session is old, unless it was proved dead since.
    private bool ComesFromBackup(SessionId session) =>
        state.View.Incarnation > registeredIn
        && state.View.Sessions.GetValueOrDefault(state.Self)?.Value is var record
        && (record is null || !state.View.IsConfirmed(record))
        && !(record is { State: SessionState.Fenced } && record.Session == session);

    /// <summary>S9: the session goes on, and with it all that runs here; the store is told of it anew, without any promise.</summary>
    private void Confirm(SessionId session)
    {
        var key = new StoreKey.Session(state.Self);
        if (!state.StoreReachable || ledger.IsBusy(key))
            return;
        if (state.Now < notBefore)
        {
            state.WakeAt(notBefore);
            return;
        }

        var incarnation = state.View.Incarnation;
        var record = NewRecord(session, incarnation);
        var guards = new List<Guard>
        {
            state.GuardOf(key), state.GuardOf(new StoreKey.Host(state.Self)), state.GuardOf(new StoreKey.Cluster()),
        };
        var changes = new List<Change> { new Change.Put(key, record) };
        foreach (var fence in state.View.Fences.Where(
            f => f.Key.Host == state.Self && f.Value.Value is { Proofs.IsEmpty: true } fence && !SpentRules.EndsItself(fence)))
        {
            guards.Add(state.GuardOf(new StoreKey.Fence(fence.Key)));
            changes.Add(new Change.Delete(new StoreKey.Fence(fence.Key)));
        }

        notBefore = state.Now + RetryAfter;
        ledger.Persist(new StoreTransaction(guards.ToValueList(), changes.ToValueList()), outcome =>
        {
            if (outcome is not StoreOutcome.Applied)
                return;
            (registeredIn, fencingSince, notBefore) = (incarnation, null, state.Now);
            state.Report(new Fact.SessionConfirmed(new HostSession(state.Self, session)));
        });
    }

    private Standing MyStanding() => state.View.Sessions.GetValueOrDefault(state.Self)?.Value switch
    {
        null => SessionBeforeRestore(null) is null ? Standing.New : Standing.Resumable,
        var record when !state.View.IsConfirmed(record) => SessionBeforeRestore(record) is null ? Standing.New : Standing.Resumable,
        var record when record.Boot != state.Boot => Standing.New,
        { State: SessionState.Online or SessionState.Fencing } when fencingSince is null => Standing.Resumable,
        _ => Standing.Ended,
    };

    /// <summary>
    /// The session of this boot that a restored store does not know, or knows an earlier one of; null when this boot has none.
    /// </summary>
    private SessionId? SessionBeforeRestore(SessionRecord? record) =>
        state.Remembered is { } before && before.Incarnation < state.View.Incarnation ? before.Session
        : record is { State: not SessionState.Fenced } && record.Boot == state.Boot ? record.Session
        : null;

    private string WhyEnded() => state.View.Sessions.GetValueOrDefault(state.Self)?.Value.State == SessionState.Online
        && SpentRules.IsEnding(state.View, state.Self)
        ? SpentRules.Why(state.View, state.Self)
        : Declared;

    private void Lose(SessionId session, string why)
    {
        (state.Session, state.Remembered) = (null, null);
        state.Report(new Fact.SessionLost(new HostSession(state.Self, session), why));
    }

    private void Resume()
    {
        var record = state.View.Sessions.GetValueOrDefault(state.Self)?.Value;
        var session = record is not null && state.View.IsConfirmed(record) ? record.Session
            : SessionBeforeRestore(record) ?? throw new InvalidOperationException("There is no session to resume.");
        (state.Session, state.Remembered) = (session, null);
        registeredIn = record is not null && record.Session == session ? record.Incarnation : 0;
        var owned = state.View.Ownerships.Values.Count(o => o.Value.Phase is Ownership.OwnershipPhase.Claimed c && c.Owner == state.Me);
        state.Report(new Fact.AgentResumed(new HostSession(state.Self, session), owned));
    }

    private HostSession? OldSession() =>
        state.View.Sessions.GetValueOrDefault(state.Self)?.Value is { } old ? new HostSession(state.Self, old.Session)
        : SpentRules.BeforeRemoval(state.View, state.Self);

    // The end of the old session alone: before its storages are given back it must stand in the store.
    private void ProveEnd()
    {
        var removed = SpentRules.BeforeRemoval(state.View, state.Self);
        if (!state.StoreReachable || state.Now < notBefore || (removed is { } cutOff && ledger.IsBusy(new StoreKey.Fence(cutOff))))
        {
            state.WakeAt(Instant.Max(notBefore, state.Now + RetryAfter));
            return;
        }

        if (removed is { } former)
            ledger.Persist(SpentRules.EndOfRemoved(state, former), _ => { });
        if (state.View.Sessions.GetValueOrDefault(state.Self)?.Value is not { } old)
            return;
        var key = new StoreKey.Session(state.Self);
        var guards = new List<Guard> { state.GuardOf(key) };
        var over = old with { State = SessionState.Fenced, Incarnation = state.View.Incarnation };
        var changes = new List<Change> { new Change.Put(key, over) };
        var ended = EndOld(old, guards, changes);
        notBefore = state.Now + RetryAfter;
        ledger.Persist(new StoreTransaction(guards.ToValueList(), changes.ToValueList()), outcome =>
        {
            notBefore = state.Now;
            if (outcome is StoreOutcome.Applied && ended is not null)
                state.Report(ended);
        });
    }

    private void Join(SessionId session)
    {
        if (!state.StoreReachable)
            return;
        if (state.Now < notBefore)
        {
            state.WakeAt(notBefore);
            return;
        }

        var key = new StoreKey.Session(state.Self);
        var incarnation = state.View.Incarnation;
        var guards = new List<Guard>
        {
            state.GuardOf(key), state.GuardOf(new StoreKey.Host(state.Self)), state.GuardOf(new StoreKey.Cluster()),
        };
        var changes = new List<Change> { new Change.Put(key, NewRecord(session, incarnation)) };
        var ended = state.View.Sessions.GetValueOrDefault(state.Self)?.Value is { } old ? EndOld(old, guards, changes) : null;
        notBefore = state.Now + RetryAfter;
        ledger.Persist(new StoreTransaction(guards.ToValueList(), changes.ToValueList()), outcome =>
        {
            if (outcome is StoreOutcome.Applied)
                Joined(session, incarnation, ended);
        });
    }

    private SessionRecord NewRecord(SessionId session, long incarnation) =>
        new(session, state.Boot, SessionState.Online) { Incarnation = incarnation, Hardware = state.Hardware };

    private void Joined(SessionId session, long incarnation, Fact.HostFenced? ended)
    {
        registeredIn = incarnation;
        if (ended is not null)
            state.Report(ended);
        state.Session = session;
        fencingSince = null;
        storages.Begun();
        state.Report(new Fact.HostJoined(new HostSession(state.Self, session)));
    }

    // S2: the old session is over either because its kernel is gone, or because this host has just shown that nothing of it runs.
    private Fact.HostFenced? EndOld(SessionRecord old, List<Guard> guards, List<Change> changes)
    {
        var target = new HostSession(state.Self, old.Session);
        var key = new StoreKey.Fence(target);
        Proof proof = old.Boot != state.Boot
            ? new Proof.NewBoot($"{state.Self} registered boot {state.Boot}; session {old.Session} belonged to boot {old.Boot}")
            : new Proof.Orderly($"{state.Self} stopped every protected guest and found none left");
        var known = state.View.Fences.GetValueOrDefault(target)?.Value ?? new FenceRecord("the host began a new session", []);
        guards.Add(state.GuardOf(key));
        arrivals.Settle(guards, changes);
        if (known.Proofs.Any(earlier => earlier.Kind == proof.Kind))
            return null;
        changes.Add(new Change.Put(key, known with { Proofs = known.Proofs.Add(proof) }));
        return !LeaseRules.IsSettled(known) ? new Fact.HostFenced(target, proof.Kind, proof.Evidence) : null;
    }
}
