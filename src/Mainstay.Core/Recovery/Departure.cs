using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;

namespace Mainstay.Core.Recovery;

/// <summary>
/// What becomes of each guest of a host that is shut down in order. A plan is made for all of them together, so that no more are let go
/// than the others have room for; who has no place there is kept for the host's return.
/// </summary>
internal sealed class Departure(NodeState state)
{
    private ClusterView? plannedFrom;
    private ImmutableSortedSet<GroupId> movable = [];

    /// <summary>How the guest goes; null when the host stays.</summary>
    public Way? Of(GroupId group)
    {
        if (state.Leaving is not { } policy)
            return null;
        if (policy == LeavePolicy.Move && state.View.Armed && Movable().Contains(group))
            return new Way($"{state.Self} is being shut down", Kept: false);
        return new Way($"{state.Self} was shut down in order; it is started there when {state.Self} returns", Kept: true);
    }

    private ImmutableSortedSet<GroupId> Movable()
    {
        if (ReferenceEquals(plannedFrom, state.View))
            return movable;
        plannedFrom = state.View;
        var placer = new Placer(state.View, host =>
            state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now) ? "it is silent" : null);
        var found = ImmutableSortedSet.CreateBuilder<GroupId>();
        foreach (var (group, spec, own) in Wanting())
        {
            if (placer.Place(spec, own, "what if", state.Self).Chosen is not null)
                found.Add(group);
        }

        return movable = found.ToImmutable();
    }

    // Those that wait for a place already come first: the leader is about to place them.
    private IEnumerable<(GroupId Group, GroupSpec Spec, OwnershipRecord Own)> Wanting() =>
        from own in state.View.Ownerships
        let spec = state.View.Groups.GetValueOrDefault(own.Key)?.Value
        where spec is { Desired: DesiredState.Running }
        let waits = own.Value.Value is { Phase: OwnershipPhase.Free, KeptFor: null }
        where waits || OwnershipRules.OwnerOf(own.Value.Value) == state.Me
        orderby waits ? 0 : 1, spec.MemoryMiB descending, own.Key
        select (own.Key, spec, own.Value.Value);

    /// <summary>How a guest goes.</summary>
    internal sealed record Way(string Why, bool Kept);
}
