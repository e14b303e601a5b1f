using Mainstay.Core.Health;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Core.Node;

/// <summary>
/// Lets an agent to which nothing happens do next to nothing. When a decision led to nothing, then deciding again on the same state leads
/// to nothing as well until a deadline that it named (S8); so an input that brings no news is taken over without deciding.
/// </summary>
internal sealed class IdleWatch(NodeState state, LoadPublisher load)
{
    private bool wasFresh;

    /// <summary>The last decision led to nothing.</summary>
    public bool IsSettled { get; private set; }

    public void Decided(bool nothing) =>
        (IsSettled, wasFresh) = (nothing && !state.IsWatchingTheClock, state.Hearing.IsFresh(state.Now));

    /// <summary>Takes over an input that brings no news. False when it must be decided upon.</summary>
    public bool TakesOver(NodeInput input, Instant now)
    {
        if (!IsSettled || now >= state.NextWake || state.Hearing.IsFresh(now) != wasFresh || !BringsNoNews(input))
            return false;
        state.Pass(now);
        if (input is NodeInput.BeaconReported reported)
            state.Hearing = new Hearing(reported.Report, now);
        return true;
    }

    private bool BringsNoNews(NodeInput input) => input switch
    {
        NodeInput.Tick => true,
        NodeInput.BeaconReported reported => wasFresh && SameNews.Between(state.Hearing.Report, reported.Report, state.Timing),
        NodeInput.LoadMeasured measured => load.IsAsMeasured(measured),
        NodeInput.StoreLoaded or NodeInput.StoreChanged or NodeInput.StoreReachable or NodeInput.StorePersisted or NodeInput.StoreWasRead
            or NodeInput.BeaconConnected or NodeInput.TokenArmed or NodeInput.TokenRevoked or NodeInput.ConsentAnswered
            or NodeInput.StampsRead or NodeInput.GuestsListed or NodeInput.GuestChanged or NodeInput.GuestActed or NodeInput.DefinitionRead
            or NodeInput.PowerRead or NodeInput.PowerSwitched or NodeInput.StorageRevoked or NodeInput.StorageRestored
            or NodeInput.Requested => false,
    };
}
