namespace Mainstay.Core.Placement.Packing;

/// <summary>
/// Tries every arrangement of what waits, cutting off what cannot become better than the best so far. For small problems it ends,
/// and then its answer is the optimum; for others it ends at the limit of work.
/// </summary>
internal sealed class ExhaustiveSearch(PackingWorld world, Arrangement arrangement, long limit)
{
    private const int Nowhere = -1;

    private readonly TierCounts missing = new();
    private TierCounts? fewest;
    private int[] choice = [];
    private int[] best = [];
    private List<int[]> lots = [];

    /// <summary>Everything was tried.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Leaves the best in the arrangement; the caller takes it back.</summary>
    public void Run(List<int[]> order)
    {
        lots = order;
        choice = new int[lots.Count];
        best = new int[lots.Count];
        Array.Fill(best, Nowhere);
        IsExhausted = Descend(0);
        for (var i = 0; i < lots.Count; i++)
        {
            if (best[i] != Nowhere)
                Array.ForEach(lots[i], group => arrangement.Put(group, best[i]));
        }
    }

    /// <summary>False when the work ran out.</summary>
    private bool Descend(int depth)
    {
        if (arrangement.Work >= limit)
            return false;
        if (fewest is { } known && missing.CompareTo(known) >= 0)
            return true;
        if (depth == lots.Count)
        {
            (fewest, best) = (missing.Copy(), [.. choice]);
            return true;
        }

        for (var host = 0; host < world.Hosts.Length; host++)
        {
            var mark = arrangement.Mark;
            if (!arrangement.PutAll(lots[depth], host))
                continue;
            choice[depth] = host;
            var ended = Descend(depth + 1);
            arrangement.TakeBack(mark);
            if (!ended)
                return false;
        }

        choice[depth] = Nowhere;
        Miss(lots[depth], 1);
        var done = Descend(depth + 1);
        Miss(lots[depth], -1);
        return done;
    }

    private void Miss(int[] lot, int sign)
    {
        foreach (var group in lot)
            missing.Add(world.Groups[group].Tier, sign);
    }
}
