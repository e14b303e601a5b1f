using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>One attempt to place all lots in one order.</summary>
internal sealed class PackingTrial(PackingWorld world, Arrangement arrangement, Yielding effort, bool tight, long limit)
{
    private const int DeepestChain = 2;
    private const int MostMovedAtOnce = 4;
    private const int Nowhere = -1;

    private readonly bool[] loose = new bool[world.Groups.Length];
    private readonly bool[] held = new bool[world.Groups.Length];

    /// <summary>Leaves the result in the arrangement; the caller takes it back.</summary>
    public void Run(List<int[]> lots)
    {
        var preempted = new List<int>();
        foreach (var lot in lots)
        {
            // Some of those that belong together are better than none.
            if (!Admit(lot, preempted) && lot.Length > 1)
                Array.ForEach(lot, group => Admit([group], preempted));
        }

        // A group that was stopped may find a place now that all are placed.
        foreach (var group in preempted.OrderBy(group => world.Groups[group].Tier).ThenBy(group => group))
            Insert([group], DeepestChain);
    }

    private bool Admit(int[] lot, List<int> preempted)
    {
        if (!Insert(lot, DeepestChain) && !(effort == Yielding.Stops && Preempt(lot, preempted)))
            return false;
        Array.ForEach(lot, group => loose[group] = true);
        return true;
    }

    private bool Insert(int[] lot, int depth, int except = Nowhere) => PutBest(lot, except) || (depth > 0 && MakeRoom(lot, depth, except));

    private bool PutBest(int[] lot, int except)
    {
        if (lot.Length == 1)
        {
            if (arrangement.Best(lot[0], tight, except) is not { } host)
                return false;
            arrangement.Put(lot[0], host);
            return true;
        }

        var (best, points) = (Nowhere, double.NegativeInfinity);
        for (var host = 0; host < world.Hosts.Length; host++)
        {
            var mark = arrangement.Mark;
            if (host != except && arrangement.PutAll(lot, host))
            {
                arrangement.TakeBack(mark);
                var score = lot.Sum(group => arrangement.Score(group, host, tight));
                if (score > points)
                    (best, points) = (host, score);
            }
        }

        return best != Nowhere && arrangement.PutAll(lot, best);
    }

    /// <summary>An ejection chain: others leave a host for this lot, and each of them finds another place in the same way.</summary>
    private bool MakeRoom(int[] lot, int depth, int except)
    {
        Array.ForEach(lot, group => held[group] = true);
        var done = false;
        for (var host = 0; host < world.Hosts.Length && !done && arrangement.Work < limit; host++)
        {
            if (host != except && arrangement.IsOpen(host) && Array.TrueForAll(lot, group => world.Groups[group].Allowed.Contains(host)))
                done = MakeRoomOn(lot, host, depth);
        }

        Array.ForEach(lot, group => held[group] = false);
        return done;
    }

    private bool MakeRoomOn(int[] lot, int host, int depth)
    {
        var others = arrangement.On(host).Where(group => MayMove(group, lot))
            .OrderBy(group => world.Sizes[group]).ThenBy(group => group).ToArray();
        var mark = arrangement.Mark;
        foreach (var other in others)
        {
            arrangement.Take(other);
            if (arrangement.PutAll(lot, host) && Insert([other], depth - 1, host))
                return true;
            arrangement.TakeBack(mark);
            if (arrangement.Work >= limit)
                return false;
        }

        // No single one was enough: the largest first.
        for (var moved = 1; moved <= Math.Min(MostMovedAtOnce, others.Length); moved++)
        {
            arrangement.Take(others[^moved]);
            if (moved == 1 || !arrangement.PutAll(lot, host))
                continue;
            if (others[^moved..].Reverse().All(other => Insert([other], depth - 1, host)))
                return true;
            break;
        }

        arrangement.TakeBack(mark);
        return false;
    }

    /// <summary>What was placed in this attempt costs nothing to move; what runs is moved only for a more important group.</summary>
    private bool MayMove(int group, int[] lot) =>
        !held[group] && !IsBound(group)
        && (loose[group] || (effort >= Yielding.Moves && world.Groups[group].Yields >= Yielding.Moves && IsLower(group, lot)));

    private bool IsLower(int group, int[] lot) => Array.TrueForAll(lot, other => world.Groups[other].Tier < world.Groups[group].Tier);

    /// <summary>It must stay with others.</summary>
    private bool IsBound(int group)
    {
        foreach (var rule in world.RulesOf(group))
        {
            if (world.Rules[rule] is { Kind: RuleKind.Together, Must: true })
                return true;
        }

        return false;
    }

    /// <summary>Stops groups of higher tier numbers on the host where that harms the least.</summary>
    private bool Preempt(int[] lot, List<int> preempted)
    {
        int[]? least = null;
        var chosen = Nowhere;
        for (var host = 0; host < world.Hosts.Length && arrangement.Work < limit; host++)
        {
            if (Victims(lot, host) is { } victims && (least is null || Harm(victims).CompareTo(Harm(least)) < 0))
                (least, chosen) = (victims, host);
        }

        if (least is null)
            return false;
        Array.ForEach(least, arrangement.Take);
        preempted.AddRange(least);
        return arrangement.PutAll(lot, chosen);
    }

    private int[]? Victims(int[] lot, int host)
    {
        var mark = arrangement.Mark;
        var taken = new List<int>();
        foreach (var group in arrangement.On(host)
            .Where(group => !loose[group] && world.Groups[group].Yields == Yielding.Stops && IsLower(group, lot) && !IsBound(group))
            .OrderByDescending(group => world.Groups[group].Tier).ThenByDescending(group => world.Sizes[group]).ThenBy(group => group)
            .ToArray())
        {
            if (arrangement.PutAll(lot, host))
                break;
            arrangement.Take(group);
            taken.Add(group);
        }

        var enough = arrangement.PutAll(lot, host);
        // Whoever need not have been stopped goes back, the most important first.
        for (var i = taken.Count - 1; enough && i >= 0; i--)
        {
            if (!arrangement.Fits(taken[i], host))
                continue;
            arrangement.Put(taken[i], host);
            taken.RemoveAt(i);
        }

        arrangement.TakeBack(mark);
        return enough && taken.Count > 0 ? [.. taken] : null;
    }

    // The most important victim decides, then how many there are.
    private (int Tier, int Count) Harm(int[] victims) => (-victims.Min(group => world.Groups[group].Tier), victims.Length);
}
