using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Recovery;

/// <summary>What the owner of a guest writes about it: that it still has it, and that it let go of it.</summary>
internal sealed class OwnerWrites(NodeState state, OperationLedger ledger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>The epoch in which this host owns it; null when it does not, as far as it knows.</summary>
    public Epoch? EpochOf(GroupId group) =>
        state.View.Ownerships.GetValueOrDefault(group)?.Value is { Phase: OwnershipPhase.Claimed claimed } own && claimed.Owner == state.Me
        && state.Me is { } me && state.View.IsOnline(me)
            ? own.Epoch
            : null;

    // S2: a write whose outcome is unknown may take effect after any reading. Only a newer write of the same record shuts it out.
    public void Affirm(GroupId group, LocalGuest guest, Action then)
    {
        if (EpochOf(group) is null)
        {
            End(guest, RetryAfter);
            return;
        }

        ledger.Persist(OwnershipRules.Change(state, group, state.View.Ownerships[group].Value), outcome =>
        {
            guest.MayBeLetGo = outcome is not StoreOutcome.Applied;
            if (guest.MayBeLetGo)
                End(guest, RetryAfter);
            else
                then();
        });
    }

    /// <summary>Lets go of it: revoked, stopped and seen gone before.</summary>
    public void Confirm(GroupId group, OwnershipRecord next, LocalGuest guest, Action applied)
    {
        guest.MayBeLetGo = true;
        ledger.Persist(OwnershipRules.Change(state, group, next), outcome =>
        {
            End(guest, outcome is StoreOutcome.Applied ? TimeSpan.Zero : RetryAfter);
            if (outcome is not StoreOutcome.Applied)
                return;
            guest.Reset();
            applied();
        });
    }

    private void End(LocalGuest guest, TimeSpan pause) => guest.End(ledger.Latest, state.Now + pause);
}
