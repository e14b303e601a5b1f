using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>
/// Finds places: most important first, then the largest. When one finds none, those just placed make room, then running groups of a
/// higher tier number that may be moved, then those that may be stopped; and the whole is tried in other orders. The best of these plans
/// is taken: the one that leaves the fewest without a place, looked at tier by tier, and disturbs the fewest.
/// <para>
/// Vector bin packing is NP-hard: a plan that places everything is a proof that it can be done, the lack of one proves nothing. The work
/// is bounded by the number of hosts looked at, never by time, so that every machine finds the same plan.
/// </para>
/// </summary>
internal static class Packer
{
    private const int Shuffles = 4;
    private const long LeastWork = 200_000;
    private const long SearchWork = 100_000;
    private const long RearrangeWork = 200_000;
    private const long WorkPerLook = 8;

    /// <summary>Places the groups in <paramref name="arrangement"/>; what it holds afterwards is what the plan says.</summary>
    /// <param name="world">The problem.</param>
    /// <param name="arrangement">What is where; the groups that wait are nowhere in it.</param>
    /// <param name="waiting">Positions of groups, in ascending order.</param>
    public static PackingPlan Place(PackingWorld world, Arrangement arrangement, IReadOnlyList<int> waiting) =>
        new Attempts(world, arrangement, waiting).Run();

    private sealed class Attempts(PackingWorld world, Arrangement arrangement, IReadOnlyList<int> waiting)
    {
        private readonly long start = arrangement.Work;
        private readonly List<int[]> lots = Lots.Of(world, waiting);
        private long limit = arrangement.Work + LeastWork + (WorkPerLook * waiting.Count * world.Hosts.Length);
        private PackingOutcome best = new(world, arrangement, waiting, arrangement.Mark);
        private bool proven;

        public PackingPlan Run()
        {
            foreach (var effort in Enum.GetValues<Yielding>())
            {
                // Without anybody who yields it is the same attempt again.
                if (effort != Yielding.Never && !world.Groups.Any(group => group.Yields >= effort))
                    continue;
                TryOrders(effort);
                if (best.IsComplete || arrangement.Work >= limit)
                    break;
                if (effort == Yielding.Never)
                    Search();
                if (best.IsComplete)
                    break;
            }

            best.Restore(arrangement);
            return best.Plan(arrangement.Work - start, proven || best.IsComplete);
        }

        private void TryOrders(Yielding effort)
        {
            for (var variant = 0; variant < PackingOrder.Variants + Shuffles; variant++)
            {
                var trial = new PackingTrial(world, arrangement, effort, PackingOrder.IsTight(variant), limit);
                var order = PackingOrder.Of(world, lots, variant);
                Try(() => trial.Run(order));
                // Each found the hosts as they are, so that no other order helps.
                if (best.IsComplete || arrangement.Work >= limit || (effort == Yielding.Never && best.PlacesNone))
                    return;
            }
        }

        /// <summary>What the first attempts left: everything in turn, and when that is too much, some hosts anew.</summary>
        private void Search()
        {
            var before = arrangement.Work;
            var search = new ExhaustiveSearch(world, arrangement, before + SearchWork);
            Try(() => search.Run(PackingOrder.Of(world, [.. waiting.Select(group => new[] { group })], 0)));
            proven = search.IsExhausted;
            if (!proven && !best.PlacesNone)
            {
                var improvement = new Rearrangement(world, arrangement, waiting, arrangement.Work + RearrangeWork);
                Try(() =>
                {
                    best.Restore(arrangement);
                    improvement.Run();
                });
            }

            limit += arrangement.Work - before;
        }

        private void Try(Action attempt)
        {
            var mark = arrangement.Mark;
            attempt();
            var outcome = new PackingOutcome(world, arrangement, waiting, mark);
            arrangement.TakeBack(mark);
            if (outcome.IsBetterThan(best))
                best = outcome;
        }
    }
}
