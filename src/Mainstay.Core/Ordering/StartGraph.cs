using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Ordering;

/// <summary>What follows from all dependencies together: effective tiers, the order, and which gates have to be watched.</summary>
internal sealed class StartGraph
{
    private static readonly ImmutableSortedDictionary<GroupId, Stored<GroupSpec>> Nothing =
        ImmutableSortedDictionary<GroupId, Stored<GroupSpec>>.Empty;

    private readonly SortedDictionary<GroupId, int> tiers = [];
    private readonly SortedDictionary<GroupId, int> depths = [];
    private readonly SortedDictionary<GroupId, List<(GroupId By, StartDependency Edge)>> dependents = [];

    /// <param name="groups">All that are protected.</param>
    /// <param name="lifts">Who is waited for is as important as those that wait.</param>
    public StartGraph(ImmutableSortedDictionary<GroupId, Stored<GroupSpec>> groups, bool lifts)
    {
        Groups = groups;
        var edges = new List<(GroupId By, StartDependency Edge)>();
        foreach (var (group, spec) in groups)
        {
            tiers[group] = spec.Value.Tier;
            foreach (var edge in spec.Value.Order.After)
            {
                if (groups.ContainsKey(edge.On))
                    edges.Add((group, edge));
            }
        }

        foreach (var (by, edge) in edges)
        {
            if (!dependents.TryGetValue(edge.On, out var known))
                dependents[edge.On] = known = [];
            known.Add((by, edge));
        }

        Relax(edges, lifts);
        Uniform = tiers.Values.Distinct().Count() <= 1;
    }

    public static StartGraph Empty { get; } = new(Nothing, lifts: true);

    /// <summary>What it was made from.</summary>
    public ImmutableSortedDictionary<GroupId, Stored<GroupSpec>> Groups { get; }

    /// <summary>All are equally important.</summary>
    public bool Uniform { get; }

    /// <summary>The group's tier, or the lowest of those that wait for it: else it would wait for a tier that waits for it.</summary>
    public int TierOf(GroupId group) => tiers.GetValueOrDefault(group, GroupSpec.DefaultTier);

    /// <summary>How many others have to be started one after the other before it.</summary>
    public int DepthOf(GroupId group) => depths.GetValueOrDefault(group);

    /// <summary>Who waits for it.</summary>
    public IReadOnlyList<(GroupId By, StartDependency Edge)> DependentsOf(GroupId group) =>
        dependents.TryGetValue(group, out var known) ? known : [];

    /// <summary>Whoever it waits for, and whoever these wait for: itself first.</summary>
    public static ImmutableArray<GroupId> Reach(ImmutableSortedDictionary<GroupId, Stored<GroupSpec>> groups, GroupId from)
    {
        var (found, seen) = (new List<GroupId> { from }, new SortedSet<GroupId> { from });
        for (var next = 0; next < found.Count; next++)
        {
            foreach (var edge in groups.GetValueOrDefault(found[next])?.Value.Order.After ?? [])
            {
                if (seen.Add(edge.On))
                    found.Add(edge.On);
            }
        }

        return [.. found];
    }

    /// <summary>The way from one group to another along what they wait for, both included; empty when there is none.</summary>
    public static ImmutableArray<GroupId> Path(ImmutableSortedDictionary<GroupId, Stored<GroupSpec>> groups, GroupId from, GroupId to)
    {
        var (before, queue) = (new SortedDictionary<GroupId, GroupId> { [from] = from }, new List<GroupId> { from });
        for (var next = 0; next < queue.Count; next++)
        {
            if (queue[next] == to)
                return Back(before, from, to);
            foreach (var edge in groups.GetValueOrDefault(queue[next])?.Value.Order.After ?? [])
            {
                if (before.TryAdd(edge.On, queue[next]))
                    queue.Add(edge.On);
            }
        }

        return [];
    }

    private static ImmutableArray<GroupId> Back(SortedDictionary<GroupId, GroupId> before, GroupId from, GroupId to)
    {
        var way = new List<GroupId> { to };
        while (way[^1] != from)
            way.Add(before[way[^1]]);
        way.Reverse();
        return [.. way];
    }

    // As often as there are groups at most: a cycle, which cannot be set, would end it too.
    private void Relax(List<(GroupId By, StartDependency Edge)> edges, bool lifts)
    {
        for (var (round, changed) = (0, true); changed && round < tiers.Count; round++)
        {
            changed = false;
            foreach (var (by, edge) in edges)
            {
                if (lifts && tiers[by] < tiers[edge.On])
                    (tiers[edge.On], changed) = (tiers[by], true);
                if (depths.GetValueOrDefault(by) <= depths.GetValueOrDefault(edge.On))
                    (depths[by], changed) = (depths.GetValueOrDefault(edge.On) + 1, true);
            }
        }
    }
}
