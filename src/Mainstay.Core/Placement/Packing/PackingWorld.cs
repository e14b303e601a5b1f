using System.Collections.Immutable;

namespace Mainstay.Core.Placement.Packing;

/// <summary>
/// Hosts, groups and rules as one problem, laid out for going over all hosts quickly. Nothing of it changes; what is where stands in
/// <see cref="Arrangement"/>.
/// </summary>
internal sealed class PackingWorld
{
    private readonly int[] ruleStart;
    private readonly int[] rulesOf;
    private readonly int[][] places;

    /// <param name="dimensions">Names, such as memory; the first is the one that explanations begin with.</param>
    /// <param name="hosts">In the order of their names.</param>
    /// <param name="groups">In the order of their names.</param>
    /// <param name="rules">In any order; it is kept in explanations.</param>
    /// <param name="domainKinds">How many kinds of failure domains hosts name.</param>
    public PackingWorld(
        ImmutableArray<string> dimensions,
        ImmutableArray<PackingHost> hosts,
        ImmutableArray<PackingGroup> groups,
        ImmutableArray<PackingRule> rules,
        int domainKinds = 0)
    {
        (Dimensions, Hosts, Groups, Rules) = (dimensions, hosts, groups, rules);
        Room = new double[dimensions.Length * hosts.Length];
        Share = new double[Room.Length];
        var (total, used) = (new double[dimensions.Length], new double[dimensions.Length]);
        for (var d = 0; d < dimensions.Length; d++)
        {
            for (var h = 0; h < hosts.Length; h++)
            {
                var capacity = hosts[h].Capacity[d];
                Room[(d * hosts.Length) + h] = hosts[h].Room[d];
                Share[(d * hosts.Length) + h] = capacity > 0 ? 1.0 / capacity : 0;
                total[d] += capacity;
                used[d] += Math.Max(0, capacity - hosts[h].Room[d]);
            }
        }

        Needs = [.. groups.SelectMany(group => group.Needs.Select(need => (double)need))];
        (Weights, Sizes) = Weigh(total, used);
        places = [.. Enumerable.Range(0, domainKinds).Select(kind => hosts.Select(host => host.Domains[kind]).ToArray())];
        (ruleStart, rulesOf) = IndexRules();
        PlaceCounts = [.. rules.Select(rule => rule.Level is { } kind ? places[kind].DefaultIfEmpty(-1).Max() + 1 : hosts.Length)];
    }

    public ImmutableArray<string> Dimensions { get; }

    public ImmutableArray<PackingHost> Hosts { get; }

    public ImmutableArray<PackingGroup> Groups { get; }

    public ImmutableArray<PackingRule> Rules { get; }

    /// <summary>By dimension, then by host.</summary>
    public double[] Room { get; }

    /// <summary>One over the capacity, zero where there is none; by dimension, then by host.</summary>
    public double[] Share { get; }

    /// <summary>By group, then by dimension.</summary>
    public double[] Needs { get; }

    /// <summary>
    /// By group, then by dimension, one in sum: how much of the score the room in a dimension is. A dimension weighs by what the group
    /// takes of it and by how scarce it is, which packs complementary groups together (the dot-product heuristic of vector bin packing).
    /// </summary>
    public double[] Weights { get; }

    /// <summary>Per group: its largest share of an average host's room, over the share of hosts it may go to.</summary>
    public double[] Sizes { get; }

    /// <summary>Per rule: in how many places its members are counted.</summary>
    public ImmutableArray<int> PlaceCounts { get; }

    /// <summary>The rules a group is a member of.</summary>
    public ReadOnlySpan<int> RulesOf(int group) => rulesOf.AsSpan(ruleStart[group]..ruleStart[group + 1]);

    /// <summary>The place in which a rule counts what is on the host; -1 when it is in none.</summary>
    public int PlaceOf(PackingRule rule, int host) => rule.Level is { } kind ? places[kind][host] : host;

    // Scarce is what is used already and asked for together, so that it makes no difference which of them stand here as groups.
    private (double[] Weights, double[] Sizes) Weigh(double[] total, double[] demand)
    {
        var count = Dimensions.Length;
        for (var i = 0; i < Needs.Length; i++)
            demand[i % count] += Needs[i];
        var weights = new double[Needs.Length];
        var sizes = new double[Groups.Length];
        for (var g = 0; g < Groups.Length; g++)
        {
            var sum = 0.0;
            for (var d = 0; d < count; d++)
            {
                var part = total[d] > 0 ? Needs[(g * count) + d] / total[d] : 0;
                weights[(g * count) + d] = part * (total[d] > 0 ? demand[d] / total[d] : 0);
                sum += weights[(g * count) + d];
                sizes[g] = Math.Max(sizes[g], part);
            }

            for (var d = 0; d < count; d++)
                weights[(g * count) + d] = sum > 0 ? weights[(g * count) + d] / sum : 1.0 / count;
            sizes[g] *= (double)Hosts.Length * Hosts.Length / Math.Max(1, Groups[g].Allowed.Count);
        }

        return (weights, sizes);
    }

    private (int[] Start, int[] Of) IndexRules()
    {
        var start = new int[Groups.Length + 1];
        foreach (var member in Rules.SelectMany(rule => rule.Members))
            start[member + 1]++;
        for (var g = 0; g < Groups.Length; g++)
            start[g + 1] += start[g];
        var of = new int[start[^1]];
        var next = start.ToArray();
        for (var r = 0; r < Rules.Length; r++)
        {
            foreach (var member in Rules[r].Members)
                of[next[member]++] = r;
        }

        return (start, of);
    }
}
