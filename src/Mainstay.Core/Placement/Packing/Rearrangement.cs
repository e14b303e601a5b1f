using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>
/// Improves a plan that leaves somebody without a place: a few hosts where one of them may go are emptied of what the plan put there, all
/// of that is placed anew in an order that is drawn, and the result stays unless it is worse (Shaw's large neighbourhood search). What is
/// no better stays too, which leads away from where nothing small helps. What runs is never touched.
/// </summary>
internal sealed class Rearrangement(PackingWorld world, Arrangement arrangement, IReadOnlyList<int> waiting, long limit)
{
    private const int MoreHosts = 3;
    private const int Changes = 3;
    private const int Detours = 20;
    private const double LeastLuck = 0.6;

    private readonly SeededRandom draws = new((ulong)waiting.Count);
    private readonly bool[] mayMove = new bool[world.Groups.Length];
    private readonly double[] keys = new double[world.Groups.Length];
    private readonly List<int> unplaced = [];
    private readonly List<int> pool = [];
    private readonly List<int> emptied = [];

    /// <summary>Begins with what is in the arrangement and leaves the best there; the caller takes it back.</summary>
    public void Run()
    {
        foreach (var group in waiting)
        {
            mayMove[group] = true;
            if (arrangement.At(group) is null && world.Groups[group].Allowed.Count > 0)
                unplaced.Add(group);
        }

        while (arrangement.Work < limit && unplaced.Count > 0)
            Improve(unplaced[draws.Next(unplaced.Count)]);
    }

    private void Improve(int group)
    {
        var mark = arrangement.Mark;
        pool.Clear();
        pool.AddRange(unplaced);
        emptied.Clear();
        Empty(Host(group));
        for (var more = 1 + draws.Next(MoreHosts); more > 0; more--)
            Empty(draws.Next(world.Hosts.Length));
        Draw();
        var tight = draws.Next(Changes) != 0;
        var missing = new TierCounts();
        foreach (var other in unplaced)
            missing.Add(world.Groups[other].Tier, -1);
        foreach (var other in pool)
        {
            if ((Among(emptied, other) ?? arrangement.Best(other, tight)) is { } host)
                arrangement.Put(other, host);
            else
                missing.Add(world.Groups[other].Tier, 1);
        }

        var order = missing.CompareTo(new TierCounts());
        if (order > 0 || (order == 0 && Smaller() && draws.Next(Detours) != 0))
        {
            arrangement.TakeBack(mark);
            return;
        }

        unplaced.Clear();
        unplaced.AddRange(pool.Where(other => arrangement.At(other) is null));
    }

    /// <summary>The fullest of these hosts that takes the group.</summary>
    private int? Among(List<int> hosts, int group)
    {
        var (best, points) = ((int?)null, double.NegativeInfinity);
        foreach (var host in hosts)
        {
            arrangement.Look();
            if (arrangement.Fits(group, host) && arrangement.Score(group, host, tight: true) is var score && score > points)
                (best, points) = (host, score);
        }

        return best;
    }

    // What waits was smaller before: it found a gap the more easily.
    private bool Smaller() =>
        pool.Sum(group => arrangement.At(group) is null ? world.Sizes[group] : 0) > unplaced.Sum(group => world.Sizes[group]);

    /// <summary>One where the group may go, any of them as likely.</summary>
    private int Host(int group)
    {
        var host = draws.Next(world.Hosts.Length);
        while (!world.Groups[group].Allowed.Contains(host))
            host = (host + 1) % world.Hosts.Length;
        return host;
    }

    private void Empty(int host)
    {
        emptied.Add(host);
        var first = pool.Count;
        pool.AddRange(arrangement.On(host).Where(group => mayMove[group]));
        for (var i = first; i < pool.Count; i++)
            arrangement.Take(pool[i]);
    }

    // The larger ones rather early; most of the time tiers come first. What a tier loses by it is seen afterwards.
    private void Draw()
    {
        var byTier = draws.Next(Changes) != 0;
        foreach (var group in pool)
            keys[group] = -world.Sizes[group] * (LeastLuck + draws.NextDouble());
        pool.Sort((one, other) => (Tier(one), keys[one], one).CompareTo((Tier(other), keys[other], other)));

        int Tier(int group) => byTier ? world.Groups[group].Tier : 0;
    }
}
