using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Packing;

namespace Mainstay.Oracle.Tests;

/// <summary>The placement engine against the optimum that a solver proves.</summary>
public sealed class OracleTests
{
    private const int Worlds = 250;
    private const int LeastProved = 200;
    private const double SolverWork = 1;

    [Fact]
    public void What_the_optimum_places_is_placed()
    {
        var (proved, tight, open) = (0, 0, 0);
        var misses = new List<string>();
        for (var seed = 1UL; seed <= Worlds; seed++)
        {
            var world = OracleWorlds.Draw(seed);
            var plan = Place(world);
            Assert.Empty(PlanCheck.Faults(world, plan).Select(fault => $"seed {seed}: {fault}"));
            var found = Missing(world, plan.Unplaced);
            if (new Optimum(world).Missing(plan, SolverWork) is not { } optimum)
            {
                open++;
                continue;
            }

            proved++;
            tight += optimum.Sum() > 0 ? 1 : 0;
            var compared = found.AsSpan().SequenceCompareTo(optimum);
            Assert.True(compared >= 0, $"seed {seed}: the plan is better than what was proved to be best: {Tell(found)}, {Tell(optimum)}");
            if (compared > 0)
                misses.Add($"seed {seed}: {Size(world)}; without a place by tier {Tell(found)}, in the optimum {Tell(optimum)}");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"oracle: {Worlds} worlds, {proved} optima proved, in {tight} of them not everything has a place; {open} not proved; "
            + $"{misses.Count} misses, {100.0 * (proved - misses.Count) / Math.Max(1, proved):0.0} % as the optimum"));
        misses.ForEach(Console.WriteLine);
        Assert.True(proved >= LeastProved, $"only {proved} optima were proved");
        Assert.True(misses.Count * 100 <= proved, string.Join('\n', misses));
    }

    private static PackingPlan Place(PackingWorld world) => Packer.Place(
        world, new Arrangement(world), [.. Enumerable.Range(0, world.Groups.Length).Where(group => world.Groups[group].At is null)]);

    private static int[] Missing(PackingWorld world, IEnumerable<int> unplaced)
    {
        var missing = new int[GroupSpec.LastTier + 1];
        foreach (var group in unplaced)
            missing[world.Groups[group].Tier]++;
        return missing;
    }

    private static string Size(PackingWorld world) =>
        $"{world.Hosts.Length} hosts, {world.Groups.Length} groups of which {world.Groups.Count(group => group.At is null)} wait, "
        + $"{world.Dimensions.Length} dimensions, {world.Rules.Length} rules";

    private static string Tell(int[] counts) => string.Join(' ', counts);
}
