using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Membership;

/// <summary>
/// The last step of a host that leaves in order. When it owns nothing any more, its tokens are revoked, and an inventory shows that nothing
/// protected runs here, it ends its own session with the proof of that (S2): nobody needs to fence it, and nobody waits for it.
/// </summary>
internal sealed class LeaveDuties(NodeState state, OperationLedger ledger, HostClearance clearance)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private Instant notBefore;

    public void Run()
    {
        var key = new StoreKey.Session(state.Self);
        if (state.Leaving is null || state.Me is not { } me || !state.IsMember || !state.StoreReachable || ledger.IsBusy(key))
            return;
        // S2: a claim or an adoption under way would belong to a session that is over.
        if (ledger.IsChangingOwnership || state.View.Ownerships.Values.Any(own => OwnershipRules.OwnerOf(own.Value) == me))
            return;
        if (!clearance.IsClear())
            return;
        if (state.Now < notBefore)
        {
            state.WakeAt(notBefore);
            return;
        }

        notBefore = state.Now + RetryAfter;
        Leave(me, key);
    }

    private void Leave(HostSession me, StoreKey key)
    {
        var fenceKey = new StoreKey.Fence(me);
        var record = state.View.Sessions[me.Host].Value;
        var known = state.View.Fences.GetValueOrDefault(me)?.Value ?? new FenceRecord("the host left in order", []);
        var proof = new Proof.Orderly($"{me.Host} was shut down in order: it let go of every protected guest and found none left");
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(key), state.GuardOf(fenceKey)],
                [
                    new Change.Put(key, record with { State = SessionState.Left }),
                    new Change.Put(fenceKey, known with { Proofs = known.Proofs.Add(proof) }),
                ]),
            _ => { }); // What the store says then ends the session, also when the answer was lost.
    }
}
