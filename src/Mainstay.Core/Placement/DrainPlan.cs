using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Placement;

/// <summary>
/// Where the guests of one host could go: one plan for all of them together, the largest first, after those that wait for a place already.
/// Who is to place them decides anew; the plan only keeps a host from letting go of more than the others have room for.
/// </summary>
/// <param name="Movable">Guests that have a place elsewhere.</param>
/// <param name="Homeless">Each of the others, with what it lacks.</param>
internal sealed record DrainPlan(ImmutableSortedSet<GroupId> Movable, ValueList<string> Homeless)
{
    public static readonly DrainPlan Empty = new([], []);

    public static DrainPlan Of(NodeState state, HostId emptied)
    {
        var placer = new Placer(state.View, host => host == emptied ? "it is the one that is emptied"
            : host != state.Self && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now) ? "it is silent"
            : null);
        var movable = ImmutableSortedSet.CreateBuilder<GroupId>();
        var homeless = new List<string>();
        foreach (var (group, spec, own) in Wanting(state.View, emptied))
        {
            var decision = placer.Place(spec, own, "what if", emptied);
            if (decision.Chosen is not null)
                movable.Add(group);
            else if (OwnershipRules.OwnerOf(own) is not null)
                homeless.Add($"{group} has no place: {string.Join(", ", decision.Considered.Select(c => $"{c.Host} {c.Rejected}"))}");
        }

        return new DrainPlan(movable.ToImmutable(), homeless.ToValueList());
    }

    private static IEnumerable<(GroupId Group, GroupSpec Spec, OwnershipRecord Own)> Wanting(ClusterView view, HostId emptied) =>
        from own in view.Ownerships
        let spec = view.Groups.GetValueOrDefault(own.Key)?.Value
        where spec is { Desired: DesiredState.Running }
        let waits = own.Value.Value is { Phase: OwnershipPhase.Free, KeptFor: null }
        where waits || OwnershipRules.OwnerOf(own.Value.Value)?.Host == emptied
        orderby waits ? 0 : 1, spec.MemoryMiB descending, own.Key
        select (own.Key, spec, own.Value.Value);
}
