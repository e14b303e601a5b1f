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
        // Those that wait for a place come first: they would take it.
        foreach (var waits in new[] { true, false })
        {
            PlacementWish[] wishes = [.. Wanting(state.View, emptied, waits)];
            foreach (var (wish, decision) in wishes.Zip(placer.Place(wishes)))
            {
                if (decision.Chosen is not null)
                    movable.Add(wish.Group);
                else if (!waits)
                    homeless.Add($"{wish.Group} has no place: {Reasons(decision)}");
            }
        }

        return new DrainPlan(movable.ToImmutable(), homeless.ToValueList());
    }

    private static string Reasons(PlacementDecision decision) =>
        string.Join(", ", decision.Considered.Select(considered => $"{considered.Host} {considered.Rejected}"));

    private static IEnumerable<PlacementWish> Wanting(ClusterView view, HostId emptied, bool waiting) =>
        from own in view.Ownerships
        let spec = view.Groups.GetValueOrDefault(own.Key)?.Value
        where spec is { Desired: DesiredState.Running }
        let waits = own.Value.Value is { Phase: OwnershipPhase.Free, KeptFor: null }
        where waiting ? waits : !waits && OwnershipRules.OwnerOf(own.Value.Value)?.Host == emptied
        select new PlacementWish(own.Key, spec, own.Value.Value, "what if", emptied);
}
