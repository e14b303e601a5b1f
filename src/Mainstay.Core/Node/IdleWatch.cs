using Mainstay.Core.Health;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Node;

/// <summary>
/// Lets an agent to which nothing happens do next to nothing. When a decision led to nothing, then deciding again on the same state leads
/// to nothing as well until a deadline that it named (S8); so an input that brings no news is taken over without deciding. The look at what
/// runs here that is due every few seconds is news only when it does not find what is known.
/// </summary>
internal sealed class IdleWatch(NodeState state, OperationLedger ledger, LocalGuests guests, LoadPublisher load, OfferPublisher offer)
{
    private bool wasFresh;

    /// <summary>A look at what runs here is under way, and nothing was decided since it began.</summary>
    private bool auditing;

    /// <summary>The last decision led to nothing.</summary>
    public bool IsSettled { get; private set; }

    public void Decided(bool nothing) =>
        (IsSettled, wasFresh, auditing) = (nothing && !state.IsWatchingTheClock, state.Hearing.IsFresh(state.Now), false);

    /// <summary>Takes over an input that brings no news. False when it must be decided upon.</summary>
    public bool TakesOver(NodeInput input, Instant now)
    {
        if (!IsSettled || now >= state.NextDecision || state.Hearing.IsFresh(now) != wasFresh || !BringsNoNews(input))
            return false;
        if (now >= state.NextAudit && !IsSteady)
            return false;
        state.Pass(now);
        if (input is NodeInput.BeaconReported reported)
            state.Hearing = new Hearing(reported.Report, now);
        if (input is NodeInput.GuestsListed listed)
        {
            auditing = false;
            ledger.Complete(listed.Operation, listed);
            guests.Audit();
        }
        else if (now >= state.NextAudit)
        {
            auditing = true;
            guests.Audit();
        }

        return true;
    }

    // A silence that has begun grows from one report to the next, and may cross a limit meanwhile.
    private bool IsSteady => SameNews.IsSteady(state.Hearing.Report, state.Timing);

    private bool BringsNoNews(NodeInput input) => input switch
    {
        NodeInput.Tick => true,
        NodeInput.BeaconReported reported => wasFresh && SameNews.Between(state.Hearing.Report, reported.Report, state.Timing),
        NodeInput.LoadMeasured measured => load.IsAsMeasured(measured),
        NodeInput.OfferSeen seen => offer.IsAsSeen(seen),
        NodeInput.GuestsListed listed => auditing && IsSteady && guests.IsAsKnown(listed),
        NodeInput.StoreLoaded or NodeInput.StoreChanged or NodeInput.StoreReachable or NodeInput.StorePersisted or NodeInput.StoreWasRead
            or NodeInput.BeaconConnected or NodeInput.TokenArmed or NodeInput.TokenRevoked or NodeInput.ConsentAnswered
            or NodeInput.StampsRead or NodeInput.GuestChanged or NodeInput.GuestActed or NodeInput.DefinitionRead
            or NodeInput.PowerRead or NodeInput.PowerSwitched or NodeInput.StorageRevoked or NodeInput.StorageRestored
            or NodeInput.Requested => false,
    };
}
