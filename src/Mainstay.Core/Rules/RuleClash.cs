using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Placement.Packing;

namespace Mainstay.Core.Rules;

/// <summary>
/// Whether all rules that must hold can hold at once, if every host lived and had room for everything; and if not, a smallest set of them
/// that cannot: none of it can be left out. What the search does not prove impossible counts as possible.
/// </summary>
internal static class RuleClash
{
    /// <summary>The rules that cannot all hold, ordered by name; empty when none keeps this one from holding.</summary>
    /// <param name="book">With the new rule in it.</param>
    /// <param name="view">Its hosts and labels.</param>
    /// <param name="blamed">The new rule.</param>
    public static ValueList<PlacementRule> Of(RuleBook book, ClusterView view, PlacementRule blamed)
    {
        var rules = blamed.Should ? [] : Connected(book, blamed);
        if (rules.Count == 0 || IsPossible(rules, view))
            return [];
        foreach (var rule in rules.Where(rule => rule != blamed).Append(blamed).ToArray())
        {
            var others = rules.Where(other => other != rule).ToList();
            if (IsPossible(others, view))
                continue;
            // They clash without the new rule: it is not its fault.
            if (rule == blamed)
                return [];
            rules = others;
        }

        return rules.OrderBy(rule => rule.Name, StringComparer.Ordinal).ToValueList();
    }

    /// <summary>False only when it is proved that no arrangement obeys all of them.</summary>
    internal static bool IsPossible(IReadOnlyCollection<PlacementRule> rules, ClusterView view)
    {
        var hosts = view.Hosts.Keys.Where(host => !view.IsWitness(host)).ToArray();
        var groups = rules.SelectMany(rule => rule.Groups).ToImmutableSortedSet();
        if (hosts.Length == 0 || groups.IsEmpty)
            return true;
        var board = new RuleBoard(rules.ToValueList(), view, hosts);
        var positions = groups.Select((group, i) => (group, i)).ToImmutableSortedDictionary(pair => pair.group, pair => pair.i);
        var world = new PackingWorld(
            [],
            [.. hosts.Select((host, i) => new PackingHost(host.Name, [], [], board.DomainsOf(i)))],
            [
                .. groups.Select(group => new PackingGroup(
                    group.Name, 0, [], HostSet.Of(hosts.Length, host => board.Objection(group, host) is null), null)),
            ],
            board.Between(positions),
            board.Kinds);
        if (world.Groups.Any(group => group.Allowed.Count == 0) || world.Rules.Any(rule => !HasPlaces(world, rule)))
            return false;
        var plan = Packer.Place(world, new Arrangement(world), [.. Enumerable.Range(0, world.Groups.Length)]);
        return plan.IsComplete || !plan.Proven;
    }

    /// <summary>
    /// A rule that keeps guests apart by itself: whether each finds a place among those it may go to (augmenting paths). Also where there
    /// are too many guests for trying everything.
    /// </summary>
    private static bool HasPlaces(PackingWorld world, PackingRule rule)
    {
        if (rule.Kind != RuleKind.Apart)
            return true;
        var takers = new SortedDictionary<int, List<int>>();
        return rule.Members.All(member => Seat(world, rule, member, takers, []));
    }

    private static bool Seat(
        PackingWorld world, PackingRule rule, int member, SortedDictionary<int, List<int>> takers, SortedSet<int> tried)
    {
        for (var host = 0; host < world.Hosts.Length; host++)
        {
            var place = world.PlaceOf(rule, host);
            if (!world.Groups[member].Allowed.Contains(host) || !tried.Add(place))
                continue;
            if (!takers.TryGetValue(place, out var there))
                takers[place] = there = [];
            var leaves = there.Count < rule.Limit ? -1 : there.FindIndex(other => Seat(world, rule, other, takers, tried));
            if (there.Count >= rule.Limit && leaves < 0)
                continue;
            if (leaves >= 0)
                there.RemoveAt(leaves);
            there.Add(member);
            return true;
        }

        return false;
    }

    private static List<PlacementRule> Connected(RuleBook book, PlacementRule from)
    {
        var groups = from.Groups.ToImmutableSortedSet();
        var found = new List<PlacementRule> { from };
        for (var before = 0; before < found.Count;)
        {
            before = found.Count;
            foreach (var rule in book.Rules.Where(rule => !rule.Should && !found.Contains(rule) && rule.Groups.Any(groups.Contains)).ToArray())
            {
                found.Add(rule);
                groups = groups.Union(rule.Groups);
            }
        }

        return found;
    }
}
