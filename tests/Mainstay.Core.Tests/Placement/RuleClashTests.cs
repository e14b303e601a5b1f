using Mainstay.Core.Model;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Tests.Placement;

/// <summary>What is refused cannot hold, what is accepted can, and no rule is named in vain: against trying every arrangement.</summary>
public sealed class RuleClashTests
{
    private const int Worlds = 700;

    [Fact]
    public void A_clash_is_a_smallest_set_of_rules_that_cannot_hold()
    {
        var (clashes, larger) = (0, 0);
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var world = new RuledWorld(seed);
            var accepted = RuleBook.Empty;
            foreach (var rule in world.Rules.Rules)
            {
                var book = accepted.With(rule);
                var clash = RuleClash.Of(book, world.View, rule);
                Assert.Equal(CanHold(world, book.Rules), clash.IsEmpty);
                if (clash.IsEmpty)
                {
                    accepted = book;
                    continue;
                }

                Assert.Contains(rule, clash);
                Assert.False(CanHold(world, clash));
                Assert.All(clash, left => Assert.True(CanHold(world, clash.Where(other => other != left).ToValueList()), $"seed {seed}"));
                clashes++;
                larger += clash.Count > 1 ? 1 : 0;
            }
        }

        Assert.True(clashes > 50 && larger > 10, $"{clashes} clashes, {larger} of several rules: too easy");
    }

    private static bool CanHold(RuledWorld world, ValueList<PlacementRule> rules)
    {
        GroupId[] groups = [.. rules.SelectMany(rule => rule.Groups).Distinct()];
        return Try(world, rules, groups, new HostId[groups.Length], 0);
    }

    private static bool Try(RuledWorld world, ValueList<PlacementRule> rules, GroupId[] groups, HostId[] at, int next)
    {
        if (next == groups.Length)
            return rules.All(rule => Holds(world, rule, groups, at));
        foreach (var host in world.View.Hosts.Keys)
        {
            at[next] = host;
            if (Try(world, rules, groups, at, next + 1))
                return true;
        }

        return false;
    }

    private static bool Holds(RuledWorld world, PlacementRule rule, GroupId[] groups, HostId[] at)
    {
        HostId[] hosts = [.. rule.Groups.Select(group => at[Array.IndexOf(groups, group)])];
        var places = hosts.GroupBy(host => Place(world, rule, host)).ToArray();
        return rule.Kind switch
        {
            PlacementRuleKind.Together => places.Length <= 1,
            PlacementRuleKind.Apart => places.All(place => place.Count() == 1),
            PlacementRuleKind.Spread => places.All(place => place.Count() <= rule.Limit),
            PlacementRuleKind.On => hosts.All(host => rule.Hosts.Any(wanted => wanted.Value == host.Name)),
            _ => hosts.All(host => rule.Hosts.All(wanted => wanted.Value != host.Name)),
        };
    }

    private static string Place(RuledWorld world, PlacementRule rule, HostId host)
    {
        var label = world.View.Hosts[host].Value.Labels.FirstOrDefault(label => label.Key == rule.By);
        return rule.By is not null && label.Value is { Length: > 0 } domain ? $"domain {domain}" : $"host {host}";
    }
}
