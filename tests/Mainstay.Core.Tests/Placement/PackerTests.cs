using Mainstay.Core.Model;
using Mainstay.Core.Placement.Packing;

namespace Mainstay.Core.Tests.Placement;

/// <summary>The placement engine against a placer that tries everything, on worlds small enough for that.</summary>
public sealed class PackerTests
{
    private const int Worlds = 2_000;

    [Fact]
    public void Nothing_that_must_hold_is_ever_broken()
    {
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var world = PackingWorlds.Small(seed, (Yielding)(seed % 3));
            var (plan, arrangement) = Solve(world);
            foreach (var step in plan.Placed.Concat(plan.Moves))
            {
                arrangement.Take(step.Group);
                Assert.True(arrangement.Fits(step.Group, step.Host), $"seed {seed}: {world.Groups[step.Group].Name} on {step.Host}");
                arrangement.Put(step.Group, step.Host);
            }

            Assert.All(plan.Moves, move => Assert.True(world.Groups[move.Group].Yields >= Yielding.Moves, $"seed {seed}"));
            Assert.All(plan.Stopped, group => Assert.Equal(Yielding.Stops, world.Groups[group].Yields));
            Assert.Equal(Waiting(world).Length, plan.Placed.Count + plan.Unplaced.Count);
        }
    }

    [Fact]
    public void As_many_are_placed_as_when_everything_is_tried()
    {
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var world = PackingWorlds.Small(seed);
            var (plan, _) = Solve(world);
            Assert.True(plan.Proven, $"seed {seed}");
            var optimum = new DumbPacker(world).Missing();
            Assert.True(optimum.SequenceEqual(Missing(world, plan.Unplaced)), $"seed {seed}");
        }
    }

    [Fact]
    public void Making_room_never_costs_a_group_of_the_same_or_a_lower_tier_number()
    {
        var helped = 0;
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var world = PackingWorlds.Small(seed, Yielding.Stops);
            var (plan, _) = Solve(world);
            var still = Solve(PackingWorlds.Small(seed)).Plan;
            var compared = Compare(Missing(world, [.. plan.Unplaced, .. plan.Stopped]), Missing(world, still.Unplaced));
            helped += compared < 0 ? 1 : 0;
            if (plan.Stopped.Count == 0)
                continue;
            var most = plan.Placed.Min(step => world.Groups[step.Group].Tier);
            Assert.True(plan.Stopped.Max(group => world.Groups[group].Tier) > most, $"seed {seed}");
        }

        Assert.True(helped > Worlds / 50, $"only {helped} worlds were helped by making room");
    }

    [Fact]
    public void One_more_host_never_strands_a_group()
    {
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var world = PackingWorlds.Small(seed);
            var added = world.Hosts.Length;
            var groups = world.Groups.Select(group => group with
            {
                Allowed = HostSet.Of(added + 1, host => host == added || group.Allowed.Contains(host)),
            });
            var larger = new PackingWorld(
                world.Dimensions, world.Hosts.Add(PackingWorlds.Host("z", [9, 9], 0)), [.. groups], world.Rules, domainKinds: 1);
            var (before, after) = (Solve(world).Plan.Unplaced, Solve(larger).Plan.Unplaced);
            Assert.True(Compare(Missing(larger, after), Missing(world, before)) <= 0, $"seed {seed}");
        }
    }

    private static (PackingPlan Plan, Arrangement After) Solve(PackingWorld world)
    {
        var arrangement = new Arrangement(world);
        return (Packer.Place(world, arrangement, Waiting(world)), arrangement);
    }

    private static int[] Waiting(PackingWorld world) =>
        [.. Enumerable.Range(0, world.Groups.Length).Where(group => world.Groups[group].At is null)];

    private static int[] Missing(PackingWorld world, IEnumerable<int> unplaced)
    {
        var missing = new int[5];
        foreach (var group in unplaced)
            missing[world.Groups[group].Tier]++;
        return missing;
    }

    private static int Compare(int[] one, int[] other) =>
        one.Zip(other, (a, b) => a.CompareTo(b)).FirstOrDefault(difference => difference != 0);
}
