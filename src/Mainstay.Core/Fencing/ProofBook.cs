using Mainstay.Core.Facts;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Fencing;

/// <summary>Writes down what is known of the end of a session. Proofs are only ever added, and only while the session is as read.</summary>
internal sealed class ProofBook(NodeState state, OperationLedger ledger)
{
    /// <summary>F2: a proof that this leader has found. False when it cannot be written at this moment.</summary>
    public bool Record(FenceCase fence, Proof proof) => Record(fence, proof, []);

    /// <summary>What the consents of keepers add up to: the pause of its guests, and their end.</summary>
    public void RecordConsents(FenceCase fence)
    {
        if (LeaseRules.FreezeOf(state.View, fence.Target) is { } freeze)
            RecordFreeze(fence.Target, freeze.Evidence, freeze.Depends);
        if (LeaseRules.ProofOf(state.View, fence.Target) is { } found)
            Record(fence, found.Proof, found.Depends.Select(state.GuardOf).ToValueList());
    }

    private bool Record(FenceCase fence, Proof proof, ValueList<Guard> also)
    {
        var record = state.View.Sessions.GetValueOrDefault(fence.Target.Host)?.Value;
        if (record is null || (record.Session != fence.Target.Session && state.Guards.ProofIsBoundToSession))
            return true;

        // S2: a reading from before a restore may be of a life before the last.
        if (fence.Incarnation != state.View.Incarnation && state.Guards.SeeksProofsAnew)
            return true;

        // S2: of a session out of a backup nobody knows whether it is the one that keeps a lease, or was cut off.
        if (!state.View.IsConfirmed(record) && proof is Proof.Lease or Proof.Storage)
            return true;
        var target = fence.Target with { Session = record.Session };
        if (state.View.HasFullProof(target))
            return true;
        var (key, fenceKey) = (new StoreKey.Session(target.Host), new StoreKey.Fence(target));
        if (ledger.IsBusy(key) || ledger.IsBusy(fenceKey))
            return false;
        var known = state.View.Fences.GetValueOrDefault(target)?.Value ?? new FenceRecord("found dead at first suspicion", []);
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(key), state.GuardOf(fenceKey), state.GuardOf(new StoreKey.Cluster()), .. also],
                [
                    new Change.Put(key, record with { State = SessionState.Fenced, Incarnation = state.View.Incarnation }),
                    new Change.Put(fenceKey, known with { Proofs = known.Proofs.Add(proof), SeenOn = known.SeenOn || fence.SeenOn }),
                ]),
            outcome =>
            {
                if (outcome is StoreOutcome.Applied)
                    state.Report(Told(target, proof));
            });
        return true;
    }

    private static Fact Told(HostSession target, Proof proof) => proof is Proof.Storage storage
        ? new Fact.StorageRevoked(target, storage.Name, storage.Evidence)
        : new Fact.HostFenced(target, proof.Kind, proof.Evidence);

    private void RecordFreeze(HostSession target, string evidence, ValueList<StoreKey> depends)
    {
        var (key, fenceKey) = (new StoreKey.Session(target.Host), new StoreKey.Fence(target));
        if (!state.StoreReachable || ledger.IsBusy(key) || ledger.IsBusy(fenceKey))
            return;
        var known = state.View.Fences[target].Value;
        ledger.Persist(
            new StoreTransaction(
                [
                    state.GuardOf(key), state.GuardOf(fenceKey), state.GuardOf(new StoreKey.Cluster()),
                    .. depends.Select(state.GuardOf),
                ],
                [new Change.Put(fenceKey, known with { Frozen = evidence })]),
            outcome =>
            {
                if (outcome is StoreOutcome.Applied)
                    state.Report(new Fact.FreezeShown(target, evidence));
            });
    }
}
