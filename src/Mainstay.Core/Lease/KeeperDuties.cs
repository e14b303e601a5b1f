using System.Collections.Immutable;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Lease;

/// <summary>
/// This host as a keeper: registers its beacon before that acknowledges anybody, and consents to the death of sessions that it has not
/// heard for the safe time. As leader it also keeps the set of keepers, changing it only through a set in which both count.
/// </summary>
internal sealed class KeeperDuties(NodeState state, OperationLedger ledger)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    private readonly SortedDictionary<(HostId Host, bool Silence), Instant> notBefore = [];
    private readonly SortedSet<HostId> asking = [];

    /// <summary>Hosts and keepers that were found to fit each other: looked at again only when one of them is another one.</summary>
    private (ImmutableSortedDictionary<HostId, Stored<HostConfig>> Hosts, Stored<KeeperSet>? Keepers) settled =
        (ImmutableSortedDictionary<HostId, Stored<HostConfig>>.Empty, null);

    public void Run()
    {
        if (!state.IsMember || !state.StoreReachable)
            return;
        Register();
        if (state.View.Keepers?.Value is { } keepers && (keepers.Members.Contains(state.Self) || keepers.Previous.Contains(state.Self)))
        {
            foreach (var (host, session) in state.View.Sessions)
                Consider(new HostSession(host, session.Value.Session), session.Value);
        }

        if (state.IsLeaderInTheKnow)
            KeepSet();
    }

    private void Register()
    {
        var key = new StoreKey.Keeper(state.Self);
        var incarnation = state.Hearing.Report.Lease.Incarnation;
        if (!state.BeaconConnected || incarnation == 0 || ledger.IsBusy(key)
            || state.View.IncarnationOf(state.Self) == incarnation)
            return;
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(key), state.GuardOf(new StoreKey.Session(state.Self))],
                [new Change.Put(key, new KeeperRecord(incarnation))]),
            _ => { });
    }

    private void Consider(HostSession target, SessionRecord session)
    {
        if (target.Host == state.Self || session.State is not (SessionState.Fencing or SessionState.Fenced)
            || !state.View.IsConfirmed(session) || session.Lease is not { } promise
            || !state.View.Armed || !state.BeaconConnected || asking.Contains(target.Host))
            return;
        if (state.View.Hosts.GetValueOrDefault(target.Host)?.Value is not { Maintenance: false } config
            || state.View.Fences.GetValueOrDefault(target)?.Value is not { } fence || LeaseRules.IsSettled(fence))
            return;

        // A storage is being cut off: its guests may run elsewhere as soon as they must be paused, long before they must be dead.
        var silence = !fence.Revocations.IsEmpty && fence.Frozen is null && !Stands(fence.Silences);
        if (!silence && Stands(fence.Consents))
            return;
        if (notBefore.TryGetValue((target.Host, silence), out var at) && state.Now < at)
        {
            state.WakeAt(at);
            return;
        }

        var after = silence ? promise.Terms.FrozenAfter : promise.Terms.SafeAfter;
        asking.Add(target.Host);
        ledger.Ask(op => new NodeEffect.AskConsent(op, target, config.Number, after), input =>
        {
            asking.Remove(target.Host);
            if (input is NodeInput.ConsentAnswered { Answer: Observed<ConsentAnswer>.Known { Value: var answer } })
                Answered(target, answer, silence);
            else
                notBefore[(target.Host, silence)] = state.Now + AskAgain;
        });
    }

    private bool Stands(ValueList<KeeperConsent> consents) =>
        consents.Contains(new KeeperConsent(state.Self, state.View.IncarnationOf(state.Self)));

    private void Answered(HostSession target, ConsentAnswer answer, bool silence)
    {
        var pause = answer.Given ? TimeSpan.Zero : answer.Wait > TimeSpan.Zero ? answer.Wait : AskAgain;
        notBefore[(target.Host, silence)] = state.Now + pause;
        var (fenceKey, keeperKey) = (new StoreKey.Fence(target), new StoreKey.Keeper(state.Self));
        if (!answer.Given || ledger.IsBusy(fenceKey) || state.View.Fences.GetValueOrDefault(target)?.Value is not { } fence
            || Stands(silence ? fence.Silences : fence.Consents) || state.View.IncarnationOf(state.Self) != answer.Incarnation)
            return;
        var consent = new KeeperConsent(state.Self, answer.Incarnation);
        var consents = (silence ? fence.Silences : fence.Consents)
            .Where(c => c.Keeper != state.Self).Append(consent).OrderBy(c => c.Keeper).ToValueList();
        ledger.Persist(
            new StoreTransaction(
                [
                    state.GuardOf(fenceKey), state.GuardOf(keeperKey), state.GuardOf(new StoreKey.Session(target.Host)),
                    state.GuardOf(new StoreKey.Cluster()),
                ],
                [new Change.Put(fenceKey, silence ? fence with { Silences = consents } : fence with { Consents = consents })]),
            outcome =>
            {
                if (outcome is StoreOutcome.Applied && !silence)
                    state.Report(new Fact.KeeperConsented(target, state.Self));
            });
    }

    private void KeepSet()
    {
        var key = new StoreKey.Keepers();
        if (settled == (state.View.Hosts, state.View.Keepers) || ledger.IsBusy(key))
            return;
        if (NextSet() is not { } next)
            return;
        ledger.Persist(
            new StoreTransaction([state.GuardOf(key), state.GuardOf(new StoreKey.Leader())], [new Change.Put(key, next)]),
            outcome =>
            {
                if (outcome is StoreOutcome.Applied)
                    state.Report(new Fact.KeepersChanged(next.Epoch, next.Members, !next.Previous.IsEmpty));
            });
    }

    // Null while the set stays as it is.
    private KeeperSet? NextSet()
    {
        var wanted = LeaseRules.Wanted(state.View);
        var known = state.View.Keepers?.Value;
        if (!wanted.IsEmpty && known is { Members.IsEmpty: false, Previous.IsEmpty: false })
            return EverybodyWorksWith(known.Epoch) ? new KeeperSet(known.Epoch + 1, known.Members, []) : null;
        if (!wanted.IsEmpty && known?.Members != wanted)
            return new KeeperSet((known?.Epoch ?? 0) + 1, wanted, known?.Members ?? []);
        settled = (state.View.Hosts, state.View.Keepers);
        return null;
    }

    // A promise names the set its beacon works with, and its transaction is guarded by the set: none can name an older one from now on.
    private bool EverybodyWorksWith(long epoch) =>
        state.WatchedRevision >= state.View.Keepers?.ModRevision
        && state.View.Sessions.Values.All(s =>
            s.Value.State is SessionState.Fenced or SessionState.Left || s.Value.Lease is null || s.Value.Lease.KeepersEpoch == epoch);
}
