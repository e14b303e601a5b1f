using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Packing;

namespace Mainstay.Core.Tests.Placement;

/// <summary>Worlds drawn from a seed, and the large ones of the benchmark.</summary>
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

    /// <summary>
    /// Hosts of 256 GiB with 125 guests each where all are lost and found again one after the other; four dimensions; rules on a tenth.
    /// </summary>
    public static PackingWorld Large(int hosts, int groups, int perRack = 8)
    {
        var draw = new SeededRandom(1);
        long[] sizes = [1024, 1024, 1024, 2048, 2048, 4096];
        var all = HostSet.All(hosts);
        var half = HostSet.Of(hosts, host => host % 2 == 0);
        var at = Enumerable.Range(0, groups).Select(i => i % hosts).ToArray();
        return new PackingWorld(
            ["memory", "cpu", "hugepages", "network"],
            [.. Enumerable.Range(0, hosts).Select(i => Host($"n{i:0000}", [310_000, 640_000, 80_000, 400_000], i / perRack))],
            [
                .. Enumerable.Range(0, groups).Select(i => new PackingGroup(
                    $"g{i:000000}",
                    draw.Next(5),
                    [sizes[draw.Next(sizes.Length)], 1000 * (1 + draw.Next(4)), draw.Next(10) == 0 ? 2048 : 0, 100 * draw.Next(20)],
                    at[i] % 2 == 0 && draw.Next(10) == 0 ? half : all,
                    at[i])),
            ],
            [
                .. Enumerable.Range(0, groups / 50).Select(i => new PackingRule(
                    $"apart{i}", RuleKind.Apart, null, [.. Enumerable.Range(i * 50, 5)])),
            ],
            domainKinds: 1);
    }
}
