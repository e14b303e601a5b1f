using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement.Packing;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Placement;

/// <summary>
/// Chooses hosts for groups: constraint, then score, then choice, with every host's result kept. Deterministic; ties go to the host whose
/// name comes first (S8). Room is a hard constraint (S6), and so are what a guest needs and the rules that must hold. How all of them fit
/// is the packer's part.
/// </summary>
internal sealed class Placer
{
    private readonly SortedDictionary<GroupId, HostId> settled = [];
    private readonly List<YieldingGroup> yielding = [];
    private readonly List<(HostId Host, long[] Needs)> leaving = [];
    private readonly Dimensions dimensions;
    private readonly KeyValuePair<HostId, Candidate>[] hosts;
    private readonly RuleBoard rules;

    /// <param name="view">The cluster as stored.</param>
    /// <param name="unfit">Why a host cannot take guests now although it is online; null when it can.</param>
    public Placer(ClusterView view, Func<HostId, string?> unfit)
    {
        dimensions = Dimensions.Of(view);
        hosts = Candidate.All(view, unfit, dimensions);
        rules = new RuleBoard(view.Rules, view, [.. hosts.Select(host => host.Key)]);
        var places = new GuestPlaces(view);
        foreach (var (group, spec, own) in OwnedGroups.Of(view))
        {
            foreach (var place in places.Of(group, own))
            {
                if (places.IndexOf(place) is not { } host)
                    continue;
                hosts[host].Value.Take(dimensions.Needs(spec));
                Settle(group, place);
                Note(view, group, own, spec, place);
            }
        }
    }

    /// <summary>
    /// Places all groups together, and takes their room from the chosen hosts, so that the next ones see it gone.
    /// </summary>
    /// <returns>A decision for each, in the same order.</returns>
    public ImmutableArray<PlacementDecision> Place(IReadOnlyList<PlacementWish> wishes)
    {
        var scene = Scene(wishes, [], ImmutableSortedDictionary<HostId, long[]>.Empty);
        var arrangement = new Arrangement(scene.World);
        Packer.Place(scene.World, arrangement, [.. Enumerable.Range(0, wishes.Count)]);
        ImmutableArray<PlacementDecision> decisions = [.. wishes.Select((wish, group) => new PlacementDecision(
            wish.Own.Epoch.Next,
            arrangement.At(group) is { } chosen ? hosts[chosen].Key : null,
            wish.Because,
            scene.Scores(group, arrangement)))];
        for (var group = 0; group < wishes.Count; group++)
        {
            if (arrangement.At(group) is not { } host)
                continue;
            hosts[host].Value.Take(dimensions.Needs(wishes[group].Spec));
            Settle(wishes[group].Group, hosts[host].Key);
        }

        return decisions;
    }

    public PlacementDecision Place(PlacementWish wish) => Place([wish])[0];

    /// <summary>Everything that keeps a group from a host now, each by itself; empty when nothing does.</summary>
    public ValueList<string> WhyNot(PlacementWish wish, HostId host)
    {
        var scene = Scene([wish], [], ImmutableSortedDictionary<HostId, long[]>.Empty);
        return Array.FindIndex(hosts, candidate => candidate.Key == host) is var at and >= 0
            ? scene.Reasons(0, at, new Arrangement(scene.World), all: true)
            : ["no such host"];
    }

    /// <summary>
    /// For groups that found no place: which running groups have to leave their hosts, so that some of them find one. Room that is coming
    /// free by itself is taken before anybody is disturbed for more.
    /// </summary>
    public ImmutableArray<Yield> MakeRoom(IReadOnlyList<PlacementWish> wishes)
    {
        if (yielding.Count == 0 || wishes.Count == 0)
            return [];
        var coming = leaving.Concat(yielding.Select(own => (own.Host, Needs: dimensions.Needs(own.Spec))))
            .GroupBy(own => own.Item1, own => own.Item2)
            .ToImmutableSortedDictionary(host => host.Key, host => host.Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]));
        var world = Scene(wishes, yielding, coming).World;
        var plan = Packer.Place(world, new Arrangement(world), [.. Enumerable.Range(0, wishes.Count)]);
        return
        [
            .. plan.Moves.Select(move => Leaves(move.Group, hosts[move.Host].Key)),
            .. plan.Stopped.Select(group => Leaves(group, null)),
        ];

        Yield Leaves(int group, HostId? to)
        {
            var own = yielding[group - wishes.Count];
            return new Yield(own.Group, own.Host, to, wishes[Beneficiary(plan, own.Host)].Group);
        }
    }

    private PlacementScene Scene(
        IReadOnlyList<PlacementWish> wishes, IReadOnlyList<YieldingGroup> moving, IReadOnlyDictionary<HostId, long[]> coming) =>
        new(hosts, dimensions, rules, settled, wishes, moving, coming);

    // Whoever takes its place; for one that leaves so that another may leave, the first that finds one at all.
    private int Beneficiary(PackingPlan plan, HostId from) =>
        plan.Placed.Where(step => hosts[step.Host].Key == from).Concat(plan.Placed).First().Group;

    private void Settle(GroupId group, HostId host)
    {
        if (rules.Bound.Contains(group))
            settled[group] = host;
    }

    // What is on its way out gives its room back by itself.
    private void Note(ClusterView view, GroupId group, OwnershipRecord own, GroupSpec spec, HostId host)
    {
        if (own.Phase is OwnershipPhase.Releasing || (own.Phase is OwnershipPhase.Claimed && spec.Desired == DesiredState.Stopped))
            leaving.Add((host, dimensions.Needs(spec)));
        else if (own.Phase is OwnershipPhase.Claimed && spec.Yields != Yielding.Never && !view.IsSuspended(group))
            yielding.Add(new YieldingGroup(group, spec, own, host));
    }
}
