using Mainstay.Core.Capacity;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;

namespace Mainstay.Simulator.Bench;

/// <summary>One thing that is measured.</summary>
/// <param name="Name">Stable.</param>
/// <param name="Run">Does it once, and says how many guests it placed and how many found no place.</param>
public sealed record PlacementTask(string Name, Func<(int Placed, int Stranded)> Run);

/// <summary>Placement on large clusters, by the code that decides in production.</summary>
public static class PlacementBench
{
    /// <summary>The tasks of one size, in order; building the cluster is not one.</summary>
    public static IReadOnlyList<PlacementTask> Tasks(int hosts, int guests, bool everything)
    {
        var running = LargeCluster.Build(hosts, guests, running: true);
        var tasks = new List<PlacementTask>
        {
            new("one-loss", () => Replan(running, LargeCluster.Host(hosts / 2))),
            new("all-single-losses", () => Board(running, new CapacityPolicy(1, []))),
        };
        if (!everything)
            return tasks;
        var stopped = LargeCluster.Build(hosts, guests, running: false);
        tasks.Add(new("rack-losses", () => Board(running, new CapacityPolicy(0, ["rack"]))));
        tasks.Add(new("cold-start", () => Place(stopped, null)));
        return tasks;
    }

    private static (int Placed, int Stranded) Replan(ClusterView view, HostId lost) => Place(view, lost);

    // As the leader does when the death of a host is proved: the view as it is, all that waits in one decision.
    private static (int Placed, int Stranded) Place(ClusterView view, HostId? lost)
    {
        var wishes = new List<PlacementWish>();
        foreach (var (group, own) in view.Ownerships)
        {
            if (OwnershipRules.PlaceOf(own.Value) == lost)
                wishes.Add(new PlacementWish(group, view.Groups[group].Value, own.Value, "bench", lost));
        }

        var decisions = new Placer(view, host => host == lost ? "it is lost" : null).Place(wishes);
        var placed = decisions.Count(decision => decision.Chosen is not null);
        return (placed, wishes.Count - placed);
    }

    private static (int Placed, int Stranded) Board(ClusterView view, CapacityPolicy policy)
    {
        var settings = view.Settings?.Value ?? throw new InvalidOperationException("The cluster has no settings.");
        var supposed = new Hypothesis(view).Put(new StoreKey.Cluster(), settings with { Capacity = policy }).View;
        var board = CapacityBoard.Of(supposed, _ => null);
        return (board.Plans.Sum(plan => plan.Starts.Count), board.Plans.Sum(plan => plan.Stranded.Count));
    }
}
