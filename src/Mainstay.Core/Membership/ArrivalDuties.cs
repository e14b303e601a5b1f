using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Membership;

/// <summary>
/// Before a new boot of this host ends its old session: listens whether that session lives, asks in the store where listening does not
/// answer, and waits. As a member: objects to the arrival of a machine whose host it knows to be alive.
/// </summary>
internal sealed class ArrivalDuties(NodeState state, OperationLedger ledger)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(60);

    private readonly SortedDictionary<HostId, (long Revision, Instant Since)> known = [];
    private SessionId? judged;
    private Instant judgedSince;
    private (long Revision, Instant At)? asked;
    private Instant notBefore;
    private string? reported;

    /// <summary>Objects to those who come in the name of a living host; the leader forgets those who are gone.</summary>
    public void Run()
    {
        if (state.View.Arrivals.IsEmpty || state.Session is null || !state.StoreReachable)
            return;
        foreach (var (host, arrival) in state.View.Arrivals)
        {
            if (ledger.IsBusy(new StoreKey.Arrival(host)))
                continue;
            if (arrival.Value.Objection is null && state.Guards.ObjectsToArrivals && Objection(host, arrival.Value) is { } objection)
                Object(host, arrival.Value with { Objection = objection });
            else if (state.IsLeader)
                Forget(host, arrival.ModRevision);
        }
    }

    /// <summary>True when the old session is known to be over, or nobody who could know better objects.</summary>
    public bool MayEnd(SessionRecord? old)
    {
        if (old is null || old.Boot == state.Boot)
            return true;
        if (judged != old.Session)
            (judged, judgedSince, asked) = (old.Session, state.Now, null);
        var verdict = ArrivalRules.Judge(state, old);
        if (verdict is ArrivalVerdict.Held or ArrivalVerdict.Unclear { SameMachine: false })
            Ask(verdict);
        return verdict switch
        {
            ArrivalVerdict.Welcome => true,
            ArrivalVerdict.Held => false,
            ArrivalVerdict.Unclear { SameMachine: true } => HasPassed(judgedSince + ArrivalRules.Listens),
            ArrivalVerdict.Unclear => asked is { } question && Mine() is { Value.Objection: null } mine
                && mine.ModRevision == question.Revision && HasPassed(question.At + ArrivalRules.MayObject),
        };
    }

    /// <summary>S2: an objection that is written at the same time keeps the transaction from applying.</summary>
    public void Settle(List<Guard> guards, List<Change> changes)
    {
        var key = new StoreKey.Arrival(state.Self);
        guards.Add(state.GuardOf(key));
        if (state.View.Arrivals.ContainsKey(state.Self))
            changes.Add(new Change.Delete(key));
    }

    private bool HasPassed(Instant at)
    {
        if (state.Now >= at)
            return true;
        state.WakeAt(at);
        return false;
    }

    private Stored<ArrivalRecord>? Mine() =>
        state.View.Arrivals.GetValueOrDefault(state.Self) is { } arrival && arrival.Value.Boot == state.Boot ? arrival : null;

    // Asked again now and then: the others see that this machine still waits, and an objection counts only as long as it is repeated.
    private void Ask(ArrivalVerdict verdict)
    {
        var why = WhyOf(verdict);
        if (reported != why)
            state.Report(new Fact.ArrivalHeld(state.Self, why));
        reported = why;
        var key = new StoreKey.Arrival(state.Self);
        if (!state.StoreReachable || ledger.IsBusy(key) || !HasPassed(notBefore))
            return;
        notBefore = state.Now + RetryAfter;
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(key), state.GuardOf(new StoreKey.Host(state.Self)), state.GuardOf(new StoreKey.Session(state.Self))],
                [new Change.Put(key, new ArrivalRecord(state.Boot, state.Hardware, why, null))]),
            outcome =>
            {
                if (outcome is not StoreOutcome.Applied applied)
                    return;
                (asked, notBefore) = ((applied.Revision, state.Now), state.Now + AskAgain);
            });
    }

    private static string WhyOf(ArrivalVerdict verdict) => verdict switch
    {
        ArrivalVerdict.Held held => held.Why,
        ArrivalVerdict.Unclear unclear => unclear.Why,
        ArrivalVerdict.Welcome => "",
    };

    private string? Objection(HostId host, ArrivalRecord arrival)
    {
        if (state.View.Sessions.GetValueOrDefault(host)?.Value is not { State: SessionState.Online or SessionState.Fencing } session
            || session.Boot == arrival.Boot)
            return null;
        if (host == state.Self)
            return session.Session == state.Session ? $"its session {session.Session} lives: its agent says so" : null;
        return state.Hearing.IsHeard(host, ArrivalRules.BeaconsCease, state.Now)
            && state.Hearing.Sight(host)?.Session == session.Session
            ? $"its session {session.Session} lives: {state.Self} hears its beacons"
            : null;
    }

    private void Object(HostId host, ArrivalRecord arrival) => ledger.Persist(
        new StoreTransaction(
            [state.GuardOf(new StoreKey.Arrival(host)), state.GuardOf(new StoreKey.Session(host))],
            [new Change.Put(new StoreKey.Arrival(host), arrival)]),
        _ => { });

    private void Forget(HostId host, long revision)
    {
        if (!known.TryGetValue(host, out var seen) || seen.Revision != revision)
            known[host] = seen = (revision, state.Now);
        if (!HasPassed(seen.Since + Forgotten))
            return;
        known.Remove(host);
        var key = new StoreKey.Arrival(host);
        ledger.Persist(
            new StoreTransaction([state.GuardOf(key), state.GuardOf(new StoreKey.Leader())], [new Change.Delete(key)]), _ => { });
    }
}
