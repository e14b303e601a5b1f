using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement.Packing;
using Mainstay.Core.Restoration;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Placement;

/// <summary>
/// Chooses hosts for groups: constraint, then score, then choice, with every host's result kept. Deterministic; ties go to the host whose
/// name comes first (S8). Room is a hard constraint (S6), and so are what a guest needs and the rules that must hold. How all of them fit
/// is the packer's part.
/// </summary>
internal sealed class Placer
{
    /// <summary>A decision keeps what the score is made of for so many hosts.</summary>
    private const int MostExplained = 8;

    private readonly SortedDictionary<HostId, Candidate> candidates = [];
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
        foreach (var (host, config) in view.Hosts)
            candidates[host] = Candidate.Judge(view, host, config.Value, unfit, dimensions);
        hosts = [.. candidates];
        rules = new RuleBoard(view.Rules, view, [.. candidates.Keys]);
        foreach (var (group, own) in view.Ownerships)
        {
            foreach (var place in Places(view, group, own.Value))
            {
                if (candidates.TryGetValue(place, out var candidate) && view.Groups.TryGetValue(group, out var spec))
                {
                    candidate.Take(dimensions.Needs(spec.Value));
                    Settle(group, place);
                    Note(view, group, own.Value, spec.Value, place);
                }
            }
        }
    }

    /// <summary>Of those placed last no more could have been, without disturbing what runs.</summary>
    public bool IsProven { get; private set; } = true;

    /// <summary>
    /// Places all groups together, and takes their room from the chosen hosts, so that the next ones see it gone.
    /// </summary>
    /// <returns>A decision for each, in the same order.</returns>
    public ImmutableArray<PlacementDecision> Place(IReadOnlyList<PlacementWish> wishes)
    {
        var scene = Scene(wishes, [], ImmutableSortedDictionary<HostId, long[]>.Empty);
        var arrangement = new Arrangement(scene.World);
        IsProven = Packer.Place(scene.World, arrangement, [.. Enumerable.Range(0, wishes.Count)]).Proven;
        ImmutableArray<PlacementDecision> decisions = [.. wishes.Select((wish, group) => new PlacementDecision(
            wish.Own.Epoch.Next,
            arrangement.At(group) is { } chosen ? hosts[chosen].Key : null,
            wish.Because,
            Shortened(scene.Scores(group, arrangement))))];
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
            yielding.Add(new YieldingGroup(group, spec, host));
    }

    private static ValueList<HostScore> Shortened(ValueList<HostScore> scores)
    {
        if (scores.Count <= MostExplained)
            return scores;
        var best = scores.Where(score => score.Rejected is null).OrderByDescending(score => score.Score).Take(MostExplained)
            .Select(score => score.Host).ToImmutableSortedSet();
        return scores.Select(score => best.Contains(score.Host) ? score : score with { Parts = [] }).ToValueList();
    }

    // What comes out of a backup says nothing about where a guest takes memory: it does where it runs.
    private static ValueList<HostId> Places(ClusterView view, GroupId group, OwnershipRecord own) =>
        view.IsSuspended(group) ? RestoreRules.RunningOn(view, group) : TakesMemory(view, own) is { } place ? [place] : [];

    // What an ended session owned runs nowhere: it takes no memory of the host's present life.
    private static HostId? TakesMemory(ClusterView view, OwnershipRecord own) =>
        OwnershipRules.OwnerOf(own) is { } owner
            && (view.HasProof(owner) || view.Sessions.GetValueOrDefault(owner.Host)?.Value.Session != owner.Session)
            ? null
            : OwnershipRules.PlaceOf(own);
}
