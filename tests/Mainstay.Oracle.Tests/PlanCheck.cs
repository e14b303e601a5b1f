using Mainstay.Core.Placement.Packing;

namespace Mainstay.Oracle.Tests;

/// <summary>Whether a plan keeps everything that must hold, counted from nothing but the plan itself.</summary>
internal static class PlanCheck
{
    public static IEnumerable<string> Faults(PackingWorld world, PackingPlan plan)
    {
        var at = world.Groups.Select(group => group.At).ToArray();
        if (!plan.Moves.IsEmpty || !plan.Stopped.IsEmpty)
            yield return "it moves or stops a group that yields to nobody";
        if (plan.Placed.Count + plan.Unplaced.Count != at.Count(host => host is null))
            yield return "it is not about those that wait";
        foreach (var (group, host) in plan.Placed)
        {
            if (at[group] is not null || !world.Hosts[host].Accepts || !world.Groups[group].Allowed.Contains(host))
                yield return $"{world.Groups[group].Name} on {world.Hosts[host].Name}, which may not be";
            at[group] = host;
        }

        for (var host = 0; host < world.Hosts.Length; host++)
        {
            for (var d = 0; d < world.Dimensions.Length; d++)
            {
                var used = world.Groups.Where((_, group) => at[group] == host).Sum(group => group.Needs[d]);
                if (used > world.Hosts[host].Room[d])
                    yield return $"{world.Hosts[host].Name} has {world.Hosts[host].Room[d]} of {world.Dimensions[d]}, taken are {used}";
            }
        }

        foreach (var rule in world.Rules.Where(rule => !Holds(world, rule, at)))
            yield return $"{rule.Name} is broken";
    }

    private static bool Holds(PackingWorld world, PackingRule rule, int?[] at)
    {
        var places = rule.Members.Select(group => at[group]).OfType<int>().Select(host => world.PlaceOf(rule, host)).ToArray();
        return rule.Kind == RuleKind.Apart
            ? places.Where(place => place >= 0).CountBy(place => place).All(place => place.Value <= rule.Limit)
            : places.Length <= 1 || (places[0] >= 0 && places.Distinct().Count() == 1);
    }
}
