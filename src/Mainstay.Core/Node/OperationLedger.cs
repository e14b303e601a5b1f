using Mainstay.Core.Model;

namespace Mainstay.Core.Node;

/// <summary>
/// Effects that wait for their outcome. A key with a transaction under way is busy: nothing else of this node changes it. After a
/// conflict or an unknown outcome the keys are read back before anybody goes on, so a lost answer is never acted on.
/// </summary>
internal sealed class OperationLedger(NodeState state)
{
    private static readonly TimeSpan ReadBackPause = TimeSpan.FromMilliseconds(200);

    private readonly SortedDictionary<OperationId, Action<NodeInput>> waiting = [];
    private readonly SortedSet<StoreKey> busy = [];
    private readonly List<(Instant At, ValueList<StoreKey> Keys, Action Then)> readBacks = [];
    private long lastOperation;

    /// <summary>The newest operation handed out: later ones have greater numbers.</summary>
    public OperationId Latest => new(lastOperation);

    public bool IsBusy(StoreKey key) => busy.Contains(key);

    /// <summary>The same of the ownership of a group.</summary>
    public bool IsChangingOwnershipOf(GroupId group) => busy.Count > 0 && busy.Contains(new StoreKey.Ownership(group));

    /// <summary>This node is changing the ownership of some group.</summary>
    public bool IsChangingOwnership => busy.Any(key => key is StoreKey.Ownership);

    /// <summary>Emits an effect and remembers what to do with its outcome.</summary>
    public OperationId Ask(Func<OperationId, NodeEffect> effect, Action<NodeInput> then)
    {
        var operation = new OperationId(++lastOperation);
        waiting.Add(operation, then);
        state.Emit(effect(operation));
        return operation;
    }

    /// <summary>
    /// Persists; when applied, the view already contains the changes when <paramref name="then"/> runs (own writes are seen at once).
    /// </summary>
    public void Persist(StoreTransaction transaction, Action<StoreOutcome> then)
    {
        if (transaction.Guards.IsEmpty || transaction.Changes.Count > StoreTransaction.MaxChanges)
            throw new InvalidOperationException(
                $"A transaction needs guards and at most {StoreTransaction.MaxChanges} changes: {transaction}.");
        foreach (var change in transaction.Changes)
            busy.Add(change.Key);
        if (IsForeign(transaction))
            Conflict(transaction, new StoreOutcome.Conflict(), then);
        else
            Ask(operation => new NodeEffect.Persist(operation, transaction), input => Settle(transaction, Outcome(input), then));
    }

    /// <summary>Runs what waits for this outcome; an answer nobody waits for (of an earlier life) is dropped.</summary>
    public void Complete(OperationId operation, NodeInput input)
    {
        if (waiting.Remove(operation, out var then))
            then(input);
    }

    /// <summary>Starts read-backs whose pause is over.</summary>
    public void Run()
    {
        for (var i = readBacks.Count - 1; i >= 0; i--)
        {
            var (at, keys, then) = readBacks[i];
            if (at > state.Now)
            {
                state.WakeAt(at);
                continue;
            }

            readBacks.RemoveAt(i);
            ReadBack(keys, then);
        }
    }

    private static StoreOutcome Outcome(NodeInput input) =>
        input is NodeInput.StorePersisted persisted ? persisted.Outcome : new StoreOutcome.Unknown("not an answer of the store");

    private void Settle(StoreTransaction transaction, StoreOutcome outcome, Action<StoreOutcome> then)
    {
        state.WriteFault = (outcome as StoreOutcome.Unknown)?.Why;
        if (outcome is StoreOutcome.Unknown && !state.Guards.UnknownIsNotApplied)
            outcome = new StoreOutcome.Applied(state.WatchedRevision + 1);
        if (outcome is StoreOutcome.Applied applied)
        {
            foreach (var change in transaction.Changes)
            {
                busy.Remove(change.Key);
                state.Apply(new StoreEntry(change.Key, change is Change.Put put ? put.Value : null, applied.Revision));
            }

            then(outcome);
            return;
        }

        Conflict(transaction, outcome, then);
    }

    // S3: what this version cannot read is no absence that could be guarded, and nothing to write over.
    private bool IsForeign(StoreTransaction transaction) => !state.View.Foreign.IsEmpty
        && (transaction.Guards.Any(g => state.View.Foreign.ContainsKey(g.Key))
            || transaction.Changes.Any(c => state.View.Foreign.ContainsKey(c.Key)));

    private void Conflict(StoreTransaction transaction, StoreOutcome outcome, Action<StoreOutcome> then)
    {
        var keys = transaction.Guards.Select(g => g.Key).Concat(transaction.Changes.Select(c => c.Key)).Distinct().ToValueList();
        ReadBack(keys, () =>
        {
            foreach (var change in transaction.Changes)
                busy.Remove(change.Key);
            then(outcome);
        });
    }

    private void ReadBack(ValueList<StoreKey> keys, Action then) =>
        Ask(operation => new NodeEffect.ReadStore(operation, keys), input =>
        {
            if (state.TakeOver(input))
            {
                then();
                return;
            }

            readBacks.Add((state.Now + ReadBackPause, keys, then));
            state.WakeAt(state.Now + ReadBackPause);
        });
}
