using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Packing;

namespace Mainstay.Core.Tests.Placement;

/// <summary>Worlds drawn from a seed.</summary>
internal static class PackingWorlds
{
    private static readonly ImmutableArray<string> Two = ["memory", "cpu"];

    public static PackingHost Host(string name, ValueList<long> room, int domain) => new(name, room, room, [domain]);

    /// <summary>Few hosts and groups, tight, with rules that must hold: small enough to try everything.</summary>
    public static PackingWorld Small(ulong seed, Yielding most = Yielding.Never)
    {
        var draw = new SeededRandom(seed);
        var hosts = Enumerable.Range(0, 2 + draw.Next(3))
            .Select(i => Host($"n{i}", [8 + draw.Next(9), 8 + draw.Next(9)], draw.Next(2)))
            .ToImmutableArray();
        var free = hosts.Select(host => host.Room.ToArray()).ToArray();
        var groups = new List<PackingGroup>();
        var count = 4 + draw.Next(5);
        for (var i = 0; i < count; i++)
        {
            long[] needs = [1 + draw.Next(8), 1 + draw.Next(8)];
            var allowed = draw.Next(4) == 0 ? HostSet.Of(hosts.Length, _ => draw.Next(2) == 0) : HostSet.All(hosts.Length);
            var home = draw.Next(hosts.Length);
            var runs = draw.Next(3) == 0 && allowed.Contains(home) && needs[0] <= free[home][0] && needs[1] <= free[home][1];
            for (var d = 0; runs && d < needs.Length; d++)
                free[home][d] -= needs[d];
            groups.Add(new PackingGroup(
                $"g{i}", draw.Next(3), needs.ToValueList(), allowed, runs ? home : null, (Yielding)draw.Next((int)most + 1)));
        }

        var rules = Enumerable.Range(0, draw.Next(3)).Select(i => new PackingRule(
            $"rule{i}",
            draw.Next(3) == 0 ? RuleKind.Together : RuleKind.Apart,
            draw.Next(3) == 0 ? 0 : null,
            [.. Enumerable.Range(0, count).Where(_ => draw.Next(3) == 0)],
            1 + draw.Next(2)));
        return new PackingWorld(Two, hosts, [.. groups], [.. rules], domainKinds: 1);
    }
}
