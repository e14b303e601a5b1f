using Mainstay.Core.Facts;
using Mainstay.Core.Model;

namespace Mainstay.Core.Node;

/// <summary>
/// While the store holds something that this version cannot read, its agent takes no part: what is there would look absent to it. Guests
/// run on, and beacon, hook and lease with them; nothing is claimed, started, stopped, fenced or given up here, and another host leads.
/// </summary>
internal sealed class ForeignDuties(NodeState state, OperationLedger ledger)
{
    private string? reported;

    /// <summary>True while nothing else may be done.</summary>
    public bool Run()
    {
        var why = state.View.Unreadable;
        if (why != reported)
            state.Report(why is null ? new Fact.StoreUnderstood(state.Self) : new Fact.StoreNotUnderstood(state.Self, why));
        reported = why;
        if (why is not null)
            Resign();
        return why is not null;
    }

    // Its beacon goes on, so that nobody else would take the seat.
    private void Resign()
    {
        var key = new StoreKey.Leader();
        if (state.View.Leader?.Value.Holder.Host == state.Self && state.StoreReachable && !ledger.IsBusy(key))
            ledger.Persist(new StoreTransaction([state.GuardOf(key)], [new Change.Delete(key)]), _ => { });
    }
}
