using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Restoration;

/// <summary>
/// Brings back to a restored store that a session is spent: the backup may not know that it was cut off from storages, and nobody would
/// give them back, or that keepers will never acknowledge it again, and it would have no lease for ever (L3). The session that is so found
/// ends by itself, and its host goes on with the next one.
/// </summary>
internal sealed class SpentDuties(NodeState state, OperationLedger ledger)
{
    public void Run()
    {
        if (state.Mark is not { Spent.IsEmpty: false } mark || !state.IsMember || !state.StoreReachable || !state.Guards.RecallsSpent)
            return;
        foreach (var known in mark.Spent)
        {
            if (Target(known) is { } target && (!IsKnown(target) || !Missing(target, known).IsEmpty))
                Recall(target, known);
        }
    }

    /// <summary>
    /// The session of that host as the store has it. One that the backup left there stands for whatever the host was when it was cut off;
    /// but one that began in this incarnation has its storages.
    /// </summary>
    private HostSession? Target(SpentSession known) =>
        state.View.Sessions.GetValueOrDefault(known.Session.Host)?.Value is { } record && SpentRules.MayBe(state.View, known, record)
            ? known.Session with { Session = record.Session }
            : null;

    private bool IsKnown(HostSession target) =>
        state.View.Fences.GetValueOrDefault(target)?.Value is { } fence && SpentRules.IsSpent(fence);

    private ValueList<string> Missing(HostSession target, SpentSession known)
    {
        var written = state.View.Fences.GetValueOrDefault(target)?.Value.Revocations ?? [];
        return known.Storages.Where(name => state.View.Storages.ContainsKey(name) && !written.Contains(name)).ToValueList();
    }

    // S2: the storages are not given back here. They are when the session has ended, and a proof of that is in the store.
    private void Recall(HostSession target, SpentSession known)
    {
        var (key, fenceKey) = (new StoreKey.Session(target.Host), new StoreKey.Fence(target));
        if (ledger.IsBusy(key) || ledger.IsBusy(fenceKey))
            return;
        var storages = Missing(target, known);
        var record = state.View.Fences.GetValueOrDefault(target)?.Value
            ?? new FenceRecord(SpentRules.Reason, []);
        var next = record with { Spent = true, Revocations = SpentRules.Union(record.Revocations, storages) };
        ledger.Persist(
            new StoreTransaction(
                [
                    state.GuardOf(key), state.GuardOf(fenceKey), state.GuardOf(new StoreKey.Cluster()),
                    .. storages.Select(name => state.GuardOf(new StoreKey.Storage(name))),
                ],
                [new Change.Put(fenceKey, next)]),
            outcome =>
            {
                if (outcome is StoreOutcome.Applied)
                    state.Report(new Fact.CutOffRecalled(target, string.Join(", ", storages)));
            });
    }
}
