using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Restoration;

/// <summary>
/// Brings back to a restored store that a session was cut off from storages. The backup may not know of it, and then nobody would give them
/// back (L3). The session that is so found ends by itself, as after any revocation, and its host gets the storages back with the next one.
/// </summary>
internal sealed class CutOffDuties(NodeState state, OperationLedger ledger)
{
    public void Run()
    {
        if (state.Mark is not { CutOffs.IsEmpty: false } mark || !state.IsMember || !state.StoreReachable || !state.Guards.RecallsCutOffs)
            return;
        foreach (var known in mark.CutOffs)
        {
            if (Target(known) is { } target && !Missing(target, known).IsEmpty)
                Recall(target, known);
        }
    }

    /// <summary>
    /// The session of that host as the store has it. One that the backup left there stands for whatever the host was when it was cut off;
    /// but one that began in this incarnation has its storages.
    /// </summary>
    private HostSession? Target(CutOff known) =>
        state.View.Sessions.GetValueOrDefault(known.Session.Host)?.Value is { } record && CutOffRules.MayBe(state.View, known, record)
            ? known.Session with { Session = record.Session }
            : null;

    private ValueList<string> Missing(HostSession target, CutOff known)
    {
        var written = state.View.Fences.GetValueOrDefault(target)?.Value.Revocations ?? [];
        return known.Storages.Where(name => state.View.Storages.ContainsKey(name) && !written.Contains(name)).ToValueList();
    }

    // S2: the storages are not given back here. They are when the session has ended, and a proof of that is in the store.
    private void Recall(HostSession target, CutOff known)
    {
        var (key, fenceKey) = (new StoreKey.Session(target.Host), new StoreKey.Fence(target));
        if (ledger.IsBusy(key) || ledger.IsBusy(fenceKey))
            return;
        var storages = Missing(target, known);
        var record = state.View.Fences.GetValueOrDefault(target)?.Value
            ?? new FenceRecord(CutOffRules.Reason, []);
        var next = record with { Revocations = CutOffRules.Union(record.Revocations, storages) };
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
