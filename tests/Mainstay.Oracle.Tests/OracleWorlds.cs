using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Packing;

namespace Mainstay.Oracle.Tests;

/// <summary>
/// Small and medium worlds drawn from a seed, as a leader meets them: some or none of the groups run already, the others wait, and all
/// together they would take 60 to 98 % of the scarcest that there is.
/// </summary>
internal static class OracleWorlds
{
    private const int MostGroups = 150;
    private const int DomainKinds = 1;

    private static readonly ImmutableArray<string> Names = ["memory", "vcpus", "pages of 2048 KiB", "pages of 1048576 KiB"];

    public static PackingWorld Draw(ulong seed)
    {
        var draw = new SeededRandom(seed);
        var (hostCount, perHost) = (3 + draw.Next(22), 2 + draw.Next(6));
        var groupCount = Math.Clamp((hostCount * perHost) + draw.Next(hostCount), 5, MostGroups);
        var dimensions = Names[..(1 + draw.Next(4))];
        var needs = Enumerable.Range(0, groupCount).Select(_ => Needs(draw, dimensions.Length)).ToArray();
        var hosts = Hosts(draw, hostCount, needs, dimensions.Length);
        var groups = needs.Select((need, i) => new PackingGroup(
            $"g{i:000}", draw.Next(GroupSpec.LastTier + 1), need.ToValueList(), Allowed(draw, hostCount), null)).ToImmutableArray();
        var world = new PackingWorld(dimensions, hosts, groups, Rules(draw, groupCount), DomainKinds);
        return Run(draw, world, new[] { 0, 50, 80 }[draw.Next(3)]);
    }

    // Sizes as people choose them: few, most of them small; huge pages are needed by few.
    private static long[] Needs(SeededRandom draw, int dimensions)
    {
        var needs = new long[dimensions];
        needs[0] = new long[] { 1, 2, 2, 3, 4, 4, 6, 8, 8, 12, 16, 24 }[draw.Next(12)] * 1024;
        if (draw.Next(3) == 0)
            needs[0] += 128 * draw.Next(24);
        if (dimensions > 1)
            needs[1] = 1 + draw.Next(8);
        for (var d = 2; d < dimensions; d++)
            needs[d] = draw.Next(3) == 0 ? 512 * (1 + draw.Next(8)) : 0;
        return needs;
    }

    // Every dimension is as full as the scarcest, or has more room.
    private static ImmutableArray<PackingHost> Hosts(SeededRandom draw, int count, long[][] needs, int dimensions)
    {
        var (fill, scarce, alike) = ((60 + draw.Next(39)) / 100.0, draw.Next(dimensions), draw.Next(2) == 0);
        var racks = 2 + draw.Next(4);
        var mean = Enumerable.Range(0, dimensions).Select(d => needs.Sum(need => need[d]) / fill / count).ToArray();
        for (var d = 0; d < dimensions; d++)
            mean[d] *= d == scarce || draw.Next(3) == 0 ? 1 : 1.1 + draw.NextDouble();
        var hosts = new List<PackingHost>();
        for (var h = 0; h < count; h++)
        {
            var size = alike ? 1 : 0.7 + (0.6 * draw.NextDouble());
            var room = mean.Select(amount => (long)Math.Ceiling(amount * size)).ToValueList();
            hosts.Add(new PackingHost($"n{h:00}", room, room, [draw.Next(10) == 0 ? -1 : h % racks], Accepts: draw.Next(20) != 0));
        }

        return [.. hosts];
    }

    private static HostSet Allowed(SeededRandom draw, int hosts) => draw.Next(5) switch
    {
        0 => HostSet.Of(hosts, _ => draw.Next(3) == 0),
        1 => HostSet.Of(hosts, _ => draw.Next(4) != 0),
        _ => HostSet.All(hosts),
    };

    private static ImmutableArray<PackingRule> Rules(SeededRandom draw, int groups)
    {
        var rules = new List<PackingRule>();
        var count = draw.Next(2 + (groups / 10));
        for (var r = 0; r < count; r++)
        {
            var (kind, members) = (draw.Next(3) == 0 ? RuleKind.Together : RuleKind.Apart, new SortedSet<int>());
            for (var m = 2 + draw.Next(kind == RuleKind.Together ? 2 : 5); m > 0; m--)
                members.Add(draw.Next(groups));
            rules.Add(new PackingRule($"rule{r}", kind, draw.Next(3) == 0 ? 0 : null, members.ToValueList(), 1 + (draw.Next(4) / 3)));
        }

        return [.. rules];
    }

    /// <summary>The same world with so many of its groups running, wherever each found a place.</summary>
    private static PackingWorld Run(SeededRandom draw, PackingWorld world, int percent)
    {
        var arrangement = new Arrangement(world);
        foreach (var group in Enumerable.Range(0, world.Groups.Length).Where(_ => draw.Next(100) < percent))
        {
            var (first, count) = (draw.Next(world.Hosts.Length), world.Hosts.Length);
            var host = Enumerable.Range(0, count).Select(i => (first + i) % count)
                .Where(h => arrangement.Fits(group, h)).FirstOrDefault(-1);
            if (host >= 0)
                arrangement.Put(group, host);
        }

        var groups = world.Groups.Select((group, i) => group with { At = arrangement.At(i) });
        return new PackingWorld(world.Dimensions, world.Hosts, [.. groups], world.Rules, DomainKinds);
    }
}
