using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement.Packing;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Placement;

/// <summary>
/// The whole cluster as one packing problem, with every guest where it stands, to try loss after loss on it: each costs only the guests
/// that it concerns, and is taken back. Scores are those of <see cref="Placer"/>, so the same loss has the same answer when it happens.
/// </summary>
internal sealed class PlacementAtlas
{
    private readonly KeyValuePair<HostId, Candidate>[] hosts;
    private readonly GuestPlaces places;
    private readonly PlacementScene scene;
    private readonly Arrangement arrangement;
    private readonly PlacementWish[] groups;
    private readonly int waiting;

    /// <param name="view">The cluster as it is, or as it would be.</param>
    /// <param name="unfit">Why a host cannot take guests although it is online; null when it can.</param>
    public PlacementAtlas(ClusterView view, Func<HostId, string?> unfit)
    {
        var dimensions = Dimensions.Of(view);
        places = new GuestPlaces(view);
        hosts = Candidate.All(view, unfit, dimensions);
        var rules = new RuleBoard(view.Rules, view, [.. hosts.Select(host => host.Key)]);
        var settled = new SortedDictionary<GroupId, HostId>();
        var (wishes, running) = (new List<PlacementWish>(), new List<YieldingGroup>());
        foreach (var (group, spec, own) in OwnedGroups.Of(view))
        {
            var wanted = spec.Desired == DesiredState.Running && own.Incarnation >= view.Incarnation;
            if (wanted && own is { Phase: OwnershipPhase.Free, KeptFor: null })
                wishes.Add(new PlacementWish(group, spec, own, "it waits"));
            foreach (var place in places.Of(group, own))
            {
                if (places.IndexOf(place) is not { } host)
                    continue;
                if (wanted)
                    running.Add(new YieldingGroup(group, spec, own, place));
                else
                    Stand(group, spec, host);
            }
        }

        scene = new PlacementScene(hosts, dimensions, rules, settled, wishes, running, ImmutableSortedDictionary<HostId, long[]>.Empty);
        arrangement = new Arrangement(scene.World);
        waiting = wishes.Count;
        groups = [.. wishes, .. running.Select(own => new PlacementWish(own.Group, own.Spec, own.Own, "it runs"))];

        // It takes room, and nobody starts it elsewhere.
        void Stand(GroupId group, GroupSpec spec, int host)
        {
            hosts[host].Value.Take(dimensions.Needs(spec));
            if (rules.Bound.Contains(group))
                settled[group] = hosts[host].Key;
        }
    }

    /// <summary>Places what the losses leave without a place, one step after the other, and takes all of it back.</summary>
    /// <param name="steps">Hosts, by steps; an empty one places what waits already.</param>
    /// <returns>What each step did, and why what is left has no place.</returns>
    public AtlasAnswer Lose(IEnumerable<ValueList<HostId>> steps)
    {
        var (mark, closed) = (arrangement.Mark, new List<int>());
        var starts = new List<AtlasStart>();
        var stopped = new SortedSet<GroupId>();
        int[] left = [.. Enumerable.Range(0, waiting)];
        var proven = true;
        // Those that wait for a place get theirs before anything is lost.
        foreach (var step in waiting > 0 ? steps.Prepend([]) : steps)
        {
            var lost = step.Select(places.IndexOf).OfType<int>().ToArray();
            var from = new SortedDictionary<int, int>();
            foreach (var host in lost)
            {
                Close(host, closed);
                foreach (var group in arrangement.On(host).Where(group => group < groups.Length))
                    from[group] = host;
            }

            foreach (var group in from.Keys)
                arrangement.Take(group);
            left = [.. left.Concat(from.Keys).Distinct().Order()];
            var plan = Packer.Place(scene.World, arrangement, left);
            proven &= plan.Proven;
            starts.AddRange(plan.Placed.Concat(plan.Moves).Select(placed => new AtlasStart(
                groups[placed.Group].Group, from.TryGetValue(placed.Group, out var was) ? hosts[was].Key : null, hosts[placed.Host].Key)));
            stopped.UnionWith(plan.Stopped.Select(group => groups[group].Group));
            left = [.. plan.Unplaced];
        }

        var stranded = left.Select(guest => (groups[guest].Group, Reasons(guest, closed))).ToValueList();
        arrangement.TakeBack(mark);
        closed.ForEach(host => arrangement.SetOpen(host, true));
        return new AtlasAnswer(starts.ToValueList(), stopped.ToValueList(), stranded, proven);
    }

    private void Close(int host, List<int> closed)
    {
        if (!arrangement.IsOpen(host))
            return;
        arrangement.SetOpen(host, false);
        closed.Add(host);
    }

    private string Reasons(int guest, List<int> lost)
    {
        var why = from host in Enumerable.Range(0, hosts.Length)
                  where !lost.Contains(host)
                  let reasons = scene.Reasons(guest, host, arrangement, all: false)
                  where !reasons.IsEmpty
                  select $"{hosts[host].Key}: {string.Join(", ", reasons)}";
        return string.Join("; ", why) is { Length: > 0 } told ? told : "no host is left";
    }
}
