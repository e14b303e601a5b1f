using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Lease;

/// <summary>
/// What this host says about its own lease: it promises only what its beacon already keeps to, and takes a promise back before its beacon
/// may stop keeping to it.
/// </summary>
internal sealed class LeaseDuties(NodeState state, OperationLedger ledger)
{
    private LeaseState seen = LeaseState.Off;

    /// <summary>
    /// A promise whose outcome is not known may still take effect, of this agent or of one before it: only a newer write of the session
    /// shuts it out (decision 24).
    /// </summary>
    private bool inDoubt = true;

    /// <summary>Terms that may have been promised although the store does not say so; null when there are none.</summary>
    public LeaseTerms? MayBePromised => inDoubt ? state.Hearing.Report.Lease.InForce : null;

    public void Run()
    {
        ReportChange();
        var key = new StoreKey.Session(state.Self);
        if (!state.IsMember || !state.StoreReachable || ledger.IsBusy(key)
            || state.View.Sessions.GetValueOrDefault(state.Self) is not { } own)
            return;
        var promise = Promise(own.Value.Lease);
        if (promise == own.Value.Lease && !(inDoubt && WantsLaxer(promise)))
            return;
        var transaction = new StoreTransaction(
            [state.GuardOf(key), state.GuardOf(new StoreKey.Keepers())], [new Change.Put(key, own.Value with { Lease = promise })]);
        var isNews = promise != own.Value.Lease;
        ledger.Persist(transaction, outcome =>
        {
            inDoubt = outcome is StoreOutcome.Unknown || (inDoubt && outcome is not StoreOutcome.Applied);
            if (isNews && outcome is StoreOutcome.Applied && promise is not null && state.Me is { } me)
                state.Report(new Fact.LeasePromised(me, promise.Terms.SafeAfter));
        });
    }

    // Before the beacon keeps to less than it does now.
    private bool WantsLaxer(LeasePromise? promised) => state.Hearing.Report.Lease.InForce is { } now
        && state.BeaconConnected && state.Hearing.IsFresh(state.Now)
        && (LeaseRules.ToKeep(LeaseRules.Wanted(state), promised?.Terms) is not { } then
            || then.Freeze > now.Freeze || then.Kill > now.Kill);

    private LeasePromise? Promise(LeasePromise? promised)
    {
        var lease = state.Hearing.Report.Lease;
        if (!state.BeaconConnected || !state.Hearing.IsFresh(state.Now) || state.View.Keepers?.Value is not { } keepers)
            return promised;
        if (LeaseRules.Wanted(state) is not { } wanted)
            return null;
        return lease.State == LeaseState.Valid && lease.KeepersEpoch == keepers.Epoch && LeaseRules.Keeps(lease.InForce, wanted)
            ? new LeasePromise(wanted, keepers.Epoch)
            : promised;
    }

    private void ReportChange()
    {
        var now = state.Hearing.Report.Lease;
        if (!state.Hearing.IsFresh(state.Now) || now.State == seen)
            return;
        switch (now.State)
        {
            case LeaseState.Frozen:
                state.Report(new Fact.GuestsFrozen(state.Self, now.Paused));
                break;
            case LeaseState.Expired:
                state.Report(new Fact.LeaseExpired(state.Self));
                break;
            case LeaseState.Valid when seen is LeaseState.Frozen:
                state.Report(new Fact.GuestsThawed(state.Self));
                break;
            case LeaseState.Off or LeaseState.Waiting or LeaseState.Valid:
                break;
        }

        seen = now.State;
    }
}
