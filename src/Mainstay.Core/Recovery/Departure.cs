using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Placement;

namespace Mainstay.Core.Recovery;

/// <summary>What becomes of each guest of a host that is shut down in order, or drained.</summary>
internal sealed class Departure(NodeState state)
{
    private ClusterView? plannedFrom;
    private DrainPlan plan = DrainPlan.Empty;

    /// <summary>How the guest goes; null when it stays.</summary>
    public Way? Of(GroupId group)
    {
        if (state.Leaving is { } policy)
        {
            return policy == LeavePolicy.Move && state.View.Armed && IsMovable(group)
                ? new Way($"{state.Self} is being shut down", Kept: false, AtOnce: true)
                : new Way(
                    $"{state.Self} was shut down in order; it is started there when {state.Self} returns", Kept: true, AtOnce: true);
        }

        return state.View.Armed && state.View.Hosts.GetValueOrDefault(state.Self) is { Value: { Maintenance: true, Draining: true } }
            && IsMovable(group)
                ? new Way($"{state.Self} is drained for maintenance", Kept: false, AtOnce: false)
                : null;
    }

    private bool IsMovable(GroupId group)
    {
        if (!ReferenceEquals(plannedFrom, state.View))
            (plannedFrom, plan) = (state.View, DrainPlan.Of(state, state.Self));
        return plan.Movable.Contains(group);
    }

    /// <summary>How a guest goes.</summary>
    /// <param name="AtOnce">With all others; else a few at a time.</param>
    internal sealed record Way(string Why, bool Kept, bool AtOnce);
}
