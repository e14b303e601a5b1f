using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Tests.Placement;

/// <summary>The production placer with rules and needs, against a second implementation that tries every host for every guest.</summary>
public sealed class RuledPlacerTests
{
    private const int Worlds = 700;

    [Fact]
    public void Nothing_that_must_hold_is_broken_and_as_many_are_placed_as_when_everything_is_tried()
    {
        var (stranded, ruled) = (0, 0);
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var world = new RuledWorld(seed);
            var places = Placed(world);
            for (var i = 0; i < world.Wishes.Count; i++)
            {
                if (places[i] is { } host)
                    Assert.True(MayBe(world, world.Wishes[i], host, Without(world, places, i)), $"seed {seed}: {world.Wishes[i].Group} on {host}");
            }

            Assert.Equal(Fewest(world), Missing(world, places), (IEnumerable<int> a, IEnumerable<int> b) => a.SequenceEqual(b));
            stranded += places.Count(place => place is null);
            ruled += world.Rules.Rules.Count > 0 ? 1 : 0;
        }

        Assert.True(stranded > Worlds / 10 && ruled > Worlds / 2, $"{stranded} stranded, {ruled} worlds with rules: too easy");
    }

    [Fact]
    public void A_host_that_is_added_never_strands_a_guest()
    {
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var (before, after) = (new RuledWorld(seed), new RuledWorld(seed, extraHosts: 1));
            var missing = Missing(before, Placed(before)).Zip(Missing(after, Placed(after)), (a, b) => b.CompareTo(a));
            Assert.True(missing.FirstOrDefault(order => order != 0) <= 0, $"seed {seed}");
        }
    }

    [Fact]
    public void Renamed_hosts_rename_the_answer_and_the_same_question_has_the_same_answer()
    {
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var (plain, renamed) = (new RuledWorld(seed), new RuledWorld(seed, name => "host-" + name));
            Assert.Equal(Placed(plain).Select(host => host is { } known ? "host-" + known.Name : null), Placed(renamed).Select(host => host?.Name));
            Assert.Equal(new Placer(plain.View, _ => null).Place(plain.Wishes), new Placer(plain.View, _ => null).Place(plain.Wishes));
        }
    }

    [Fact]
    public void Every_host_that_was_not_chosen_says_why_or_has_a_score_with_its_parts()
    {
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var world = new RuledWorld(seed);
            foreach (var decision in new Placer(world.View, _ => null).Place(world.Wishes))
            {
                Assert.Equal(world.View.Hosts.Keys, decision.Considered.Select(score => score.Host));
                Assert.All(decision.Considered.Where(score => score.Rejected is null), score =>
                    Assert.Equal(score.Score, score.Parts.Sum(part => part.Points)));
                if (decision.Chosen is { } chosen)
                    Assert.Null(decision.Considered.Single(score => score.Host == chosen).Rejected);
            }
        }
    }

    private static HostId?[] Placed(RuledWorld world) =>
        [.. new Placer(world.View, _ => null).Place(world.Wishes).Select(decision => decision.Chosen)];

    private static List<(GroupId Group, HostId Host)> Without(RuledWorld world, HostId?[] places, int one) =>
    [
        .. from own in world.View.Ownerships
           let owner = OwnershipRules.OwnerOf(own.Value.Value)
           where owner is not null
           select (own.Key, owner.Value.Host),
        .. Enumerable.Range(0, places.Length).Where(i => i != one && places[i] is not null).Select(i => (world.Wishes[i].Group, places[i]!.Value)),
    ];

    /// <summary>It may be there while the others are where they are.</summary>
    private static bool MayBe(RuledWorld world, PlacementWish wish, HostId host, List<(GroupId Group, HostId Host)> others)
    {
        var (view, free) = (world.View, world.View.Loads[host].Value.MemoryMiB);
        free -= others.Where(other => other.Host == host).Sum(other => view.Groups[other.Group].Value.MemoryMiB);
        if (wish.Spec.MemoryMiB > free || view.Offers[host].Value.Lacks.Any(lack => wish.Spec.Needs!.Items.Contains(lack.Item)))
            return false;
        return world.Rules.Rules.Where(rule => rule.Groups.Contains(wish.Group)).All(rule =>
        {
            var members = others.Where(other => rule.Groups.Contains(other.Group)).ToArray();
            var beside = members.Count(other => Place(world, rule, other.Host) == Place(world, rule, host));
            return rule.Kind switch
            {
                PlacementRuleKind.Apart => beside == 0,
                PlacementRuleKind.Spread => beside < rule.Limit,
                PlacementRuleKind.Together => members.Length == 0 || beside > 0,
                PlacementRuleKind.On => rule.Hosts.Any(wanted => wanted.Value == host.Name),
                _ => rule.Hosts.All(wanted => wanted.Value != host.Name),
            };
        });
    }

    private static string Place(RuledWorld world, PlacementRule rule, HostId host)
    {
        var label = world.View.Hosts[host].Value.Labels.FirstOrDefault(label => label.Key == rule.By);
        return rule.By is not null && label.Value is { Length: > 0 } domain ? $"domain {domain}" : $"host {host}";
    }

    private static int[] Missing(RuledWorld world, HostId?[] places)
    {
        var missing = new int[5];
        for (var i = 0; i < places.Length; i++)
            missing[world.Wishes[i].Spec.Tier] += places[i] is null ? 1 : 0;
        return missing;
    }

    private static int[] Fewest(RuledWorld world)
    {
        int[]? best = null;
        Try(world, new HostId?[world.Wishes.Count], 0, ref best);
        return best!;
    }

    private static void Try(RuledWorld world, HostId?[] places, int next, ref int[]? best)
    {
        if (next == places.Length)
        {
            var missing = Missing(world, places);
            if (best is null || missing.AsSpan().SequenceCompareTo(best) < 0)
                best = missing;
            return;
        }

        foreach (var host in world.View.Hosts.Keys)
        {
            if (!MayBe(world, world.Wishes[next], host, Without(world, places, next)))
                continue;
            places[next] = host;
            Try(world, places, next + 1, ref best);
            places[next] = null;
        }

        Try(world, places, next + 1, ref best);
    }
}
