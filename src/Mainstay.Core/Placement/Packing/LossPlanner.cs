using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>
/// Constructs, for the loss of each host or failure domain, the plan by which all its groups would run again: a plan is a proof that the
/// loss is survived.
/// </summary>
internal static class LossPlanner
{
    /// <summary>The plan for the loss of these hosts; the arrangement is as it was afterwards.</summary>
    public static LossPlan Of(PackingWorld world, Arrangement arrangement, IReadOnlyList<int> lost)
    {
        var mark = arrangement.Mark;
        var plan = Lose(world, arrangement, lost);
        Restore(world, arrangement, lost, mark);
        return new LossPlan(lost.ToValueList(), plan);
    }

    /// <summary>One plan for each host that has groups.</summary>
    public static IEnumerable<LossPlan> OfEachHost(PackingWorld world, Arrangement arrangement) =>
        Occupied(world, arrangement).Select(host => Of(world, arrangement, [host]));

    /// <summary>One plan for each failure domain of a kind.</summary>
    public static IEnumerable<LossPlan> OfEachDomain(PackingWorld world, Arrangement arrangement, int kind) =>
        from host in Enumerable.Range(0, world.Hosts.Length)
        group host by world.Hosts[host].Domains[kind] into domain
        where domain.Key >= 0
        orderby domain.Key
        select Of(world, arrangement, [.. domain]);

    /// <summary>The loss of each host, and of each other one after the groups of the first run again.</summary>
    public static IEnumerable<LossPlan> OfEachPair(PackingWorld world, Arrangement arrangement)
    {
        foreach (var first in Occupied(world, arrangement))
        {
            var mark = arrangement.Mark;
            var plan = Lose(world, arrangement, [first]);
            var next = plan.IsComplete
                ? Occupied(world, arrangement).Where(second => second != first).Select(second => Of(world, arrangement, [second])).ToValueList()
                : [];
            Restore(world, arrangement, [first], mark);
            yield return new LossPlan([first], plan, next);
        }
    }

    private static PackingPlan Lose(PackingWorld world, Arrangement arrangement, IReadOnlyList<int> lost)
    {
        var waiting = new List<int>();
        foreach (var host in lost)
        {
            arrangement.SetOpen(host, false);
            waiting.AddRange(arrangement.On(host));
        }

        waiting.Sort();
        waiting.ForEach(arrangement.Take);
        return Packer.Place(world, arrangement, waiting);
    }

    private static void Restore(PackingWorld world, Arrangement arrangement, IReadOnlyList<int> lost, int mark)
    {
        arrangement.TakeBack(mark);
        foreach (var host in lost)
            arrangement.SetOpen(host, world.Hosts[host].Accepts);
    }

    private static int[] Occupied(PackingWorld world, Arrangement arrangement) =>
        [.. Enumerable.Range(0, world.Hosts.Length).Where(host => arrangement.On(host).Any())];
}
