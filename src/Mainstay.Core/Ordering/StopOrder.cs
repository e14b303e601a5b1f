using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Ordering;

/// <summary>
/// The groups of an application are stopped in the reverse order of their start: first those that wait for others. Only among groups that
/// are being stopped at the same time anyway, and never for longer than one of them may take.
/// </summary>
internal sealed class StopOrder(NodeState state, StartQueue queue)
{
    /// <summary>Longer than a guest may take to shut down, with the end of its process.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Another group of its application is to be gone before this one is stopped.</summary>
    public bool Waits(GroupId group, GroupSpec spec, LocalGuest guest)
    {
        if (spec.Order.Application is null || spec.ForceStop || !guest.IsAlive
            || !queue.Graph.DependentsOf(group).Any(by => IsStopping(by.By, spec.Order.Application)))
        {
            guest.StopWaitsSince = null;
            return false;
        }

        guest.StopWaitsSince ??= state.Now;
        var until = guest.StopWaitsSince.Value + Patience;
        if (state.Now >= until)
            return false;
        state.WakeAt(until);
        return true;
    }

    private bool IsStopping(GroupId group, string application) =>
        state.View.Groups.GetValueOrDefault(group)?.Value is { } spec && spec.Order.Application == application
        && state.View.Ownerships.GetValueOrDefault(group)?.Value is { } own
        && OwnershipRules.OwnerOf(own) is { } owner && state.View.IsOnline(owner)
        && (spec.Desired == DesiredState.Stopped || own.Phase is OwnershipPhase.Releasing);
}
