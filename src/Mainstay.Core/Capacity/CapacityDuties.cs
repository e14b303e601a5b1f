using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Capacity;

/// <summary>
/// The leader keeps a plan for every loss that is to be survived, makes them anew when something they stand on has changed, and tells when
/// one is missing, or no longer.
/// </summary>
internal sealed class CapacityDuties(NodeState state)
{
    /// <summary>Many changes in a row are looked at once: a failover is one.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private (object? Settings, object Hosts, object Sessions, object Groups, object Ownerships, object Loads, object Quarantines) seen;
    private Instant due = Instant.Never;
    private CapacityStanding told;

    public void Run()
    {
        if (!state.IsLeaderInTheKnow)
        {
            (seen, due, told) = (default, Instant.Never, CapacityStanding.Green);
            return;
        }

        var view = state.View;
        var now = (view.Settings, view.Hosts, view.Sessions, view.Groups, view.Ownerships, view.Loads, view.Quarantines);
        if (seen != now)
        {
            seen = now;
            due = Instant.Min(due, state.Now + Pause);
        }

        if (state.Now >= due)
        {
            due = Instant.Never;
            Look();
        }
        else if (due != Instant.Never)
        {
            state.WakeAt(due);
        }
    }

    private void Look()
    {
        var board = CapacityBoard.Of(state.View, _ => null);
        if (board.Standing == told)
            return;
        told = board.Standing;
        state.Report(new Fact.CapacityChanged(board.Standing, board.Why));
    }
}
