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

    private ClusterView? seen;
    private Instant due = Instant.Never;
    private CapacityStanding told;

    public void Run()
    {
        if (!state.IsLeaderInTheKnow)
        {
            (seen, due, told) = (null, Instant.Never, CapacityStanding.Green);
            return;
        }

        if (seen is null || HasChanged(seen, state.View))
            due = Instant.Min(due, state.Now + Pause);
        seen = state.View;

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

    private static bool HasChanged(ClusterView before, ClusterView now) =>
        !ReferenceEquals(before, now)
        && !(ReferenceEquals(before.Settings, now.Settings) && ReferenceEquals(before.Hosts, now.Hosts)
            && ReferenceEquals(before.Sessions, now.Sessions) && ReferenceEquals(before.Groups, now.Groups)
            && ReferenceEquals(before.Ownerships, now.Ownerships) && ReferenceEquals(before.Loads, now.Loads)
            && ReferenceEquals(before.Quarantines, now.Quarantines) && ReferenceEquals(before.RuleBook, now.RuleBook)
            && ReferenceEquals(before.Offers, now.Offers));
}
