using System.Globalization;
using Google.OrTools.Sat;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Packing;

namespace Mainstay.Oracle.Tests;

/// <summary>
/// The same problem as constraints, written down anew from what a world means and solved by CP-SAT. What runs stays where it is. The work
/// is bounded by the solver's own measure, not by time, so that every machine comes to the same end.
/// </summary>
internal sealed class Optimum
{
    private const int Tiers = GroupSpec.LastTier + 1;

    private readonly CpModel model = new();
    private readonly PackingWorld world;
    private readonly BoolVar?[,] on;
    private readonly BoolVar[] missing;

    public Optimum(PackingWorld world)
    {
        this.world = world;
        on = new BoolVar?[world.Groups.Length, world.Hosts.Length];
        missing = [.. world.Groups.Select(group => model.NewBoolVar(group.Name))];
        for (var group = 0; group < world.Groups.Length; group++)
            AddGroup(group);
        for (var host = 0; host < world.Hosts.Length; host++)
            AddRoom(host);
        foreach (var rule in world.Rules)
            AddRule(rule);
        // One of a tier is worth more than all of the tiers after it.
        var weights = new long[Tiers];
        var weight = 1L;
        for (var tier = Tiers - 1; tier >= 0; tier--)
            (weights[tier], weight) = (weight, weight * (1 + world.Groups.Count(group => group.Tier == tier)));
        model.Minimize(LinearExpr.WeightedSum(missing, world.Groups.Select(group => weights[group.Tier])));
    }

    /// <summary>How many are without a place, per tier; null when no optimum was proved within the work.</summary>
    /// <param name="hint">A plan to begin from; what it is worth is found out by the solver.</param>
    /// <param name="work">In the solver's measure, about seconds.</param>
    public int[]? Missing(PackingPlan hint, double work)
    {
        foreach (var (group, host) in hint.Placed)
        {
            if (on[group, host] is { } there)
                model.AddHint(there, 1);
        }

        foreach (var group in hint.Unplaced)
            model.AddHint(missing[group], 1);
        var limit = work.ToString(CultureInfo.InvariantCulture);
        var solver = new CpSolver { StringParameters = $"max_deterministic_time:{limit} num_workers:1 random_seed:1" };
        if (solver.Solve(model) != CpSolverStatus.Optimal)
            return null;
        var counts = new int[Tiers];
        for (var group = 0; group < world.Groups.Length; group++)
            counts[world.Groups[group].Tier] += (int)solver.Value(missing[group]);
        return counts;
    }

    private void AddGroup(int group)
    {
        var spec = world.Groups[group];
        for (var host = 0; host < world.Hosts.Length; host++)
        {
            if (spec.At is { } at ? at == host : spec.Allowed.Contains(host) && world.Hosts[host].Accepts)
                on[group, host] = model.NewBoolVar($"{spec.Name} on {world.Hosts[host].Name}");
        }

        model.AddExactlyOne([.. Places(group), missing[group]]);
        if (spec.At is not null)
            model.Add(missing[group] == 0);
    }

    private void AddRoom(int host)
    {
        var (there, groups) = Candidates(Enumerable.Range(0, world.Groups.Length), host);
        for (var d = 0; d < world.Dimensions.Length; d++)
            model.Add(LinearExpr.WeightedSum(there, groups.Select(group => world.Groups[group].Needs[d])) <= world.Hosts[host].Room[d]);
    }

    // Hosts in no domain are no place: what must be apart is apart there, and of what must be together only one may be there, alone.
    private void AddRule(PackingRule rule)
    {
        var places = Enumerable.Range(0, world.Hosts.Length).ToLookup(host => world.PlaceOf(rule, host));
        if (rule.Kind == RuleKind.Apart)
        {
            foreach (var place in places.Where(place => place.Key >= 0))
                model.Add(LinearExpr.Sum(place.SelectMany(host => Candidates(rule.Members, host).On)) <= rule.Limit);
            return;
        }

        var chosen = new List<BoolVar>();
        foreach (var place in places)
        {
            foreach (var hosts in place.Key >= 0 ? [place.ToArray()] : place.Select(host => new[] { host }))
            {
                var here = model.NewBoolVar($"{rule.Name} in {place.Key}");
                var there = hosts.SelectMany(host => Candidates(rule.Members, host).On).ToArray();
                chosen.Add(here);
                Array.ForEach(there, one => model.AddImplication(one, here));
                if (place.Key < 0)
                    model.AddAtMostOne(there);
            }
        }

        model.AddAtMostOne(chosen);
    }

    private IEnumerable<BoolVar> Places(int group) =>
        Enumerable.Range(0, world.Hosts.Length).Select(host => on[group, host]).OfType<BoolVar>();

    private (List<BoolVar> On, List<int> Groups) Candidates(IEnumerable<int> groups, int host)
    {
        var (there, known) = (new List<BoolVar>(), new List<int>());
        foreach (var group in groups)
        {
            if (on[group, host] is not { } one)
                continue;
            there.Add(one);
            known.Add(group);
        }

        return (there, known);
    }
}
