using System.Numerics;

namespace Mainstay.Core.Placement.Packing;

/// <summary>
/// What is where, and what room is left. Every change is noted, so that a trial is taken back at the cost of what it changed. The room of a
/// host may be below zero: what is there already stays, and nothing is added.
/// </summary>
internal sealed class Arrangement
{
    private const int WordBits = 64;
    private const int Nowhere = -1;
    private const int PerMille = 1000;
    private const int PointsPerGroup = 10;

    private readonly PackingWorld world;
    private readonly int hosts;
    private readonly int dimensions;
    private readonly double[] free;
    private readonly int[] at;
    private readonly int[] groupsOn;
    private readonly int[] first;
    private readonly int[] next;
    private readonly int[] previous;
    private readonly int[][] counts;
    private readonly int[] placed;
    private readonly ulong[] open;
    private readonly List<(int Group, int From)> journal = [];

    public Arrangement(PackingWorld world)
    {
        this.world = world;
        hosts = world.Hosts.Length;
        dimensions = world.Dimensions.Length;
        free = [.. world.Room];
        at = Filled(world.Groups.Length);
        next = Filled(world.Groups.Length);
        previous = Filled(world.Groups.Length);
        first = Filled(hosts);
        groupsOn = new int[hosts];
        counts = [.. world.PlaceCounts.Select(count => new int[count])];
        placed = new int[world.Rules.Length];
        open = new ulong[(hosts + WordBits - 1) / WordBits];
        for (var host = 0; host < hosts; host++)
            SetOpen(host, world.Hosts[host].Accepts);
        for (var group = 0; group < world.Groups.Length; group++)
        {
            if (world.Groups[group].At is { } host)
                Add(group, host);
        }
    }

    /// <summary>A point to which <see cref="TakeBack"/> returns.</summary>
    public int Mark => journal.Count;

    /// <summary>Hosts looked at so far: the measure of the work done, the same on every machine.</summary>
    public long Work { get; private set; }

    public int? At(int group) => at[group] == Nowhere ? null : at[group];

    public double Free(int dimension, int host) => free[(dimension * hosts) + host];

    public bool IsOpen(int host) => (open[host / WordBits] >> (host % WordBits) & 1) != 0;

    public void SetOpen(int host, bool value)
    {
        if (value)
            open[host / WordBits] |= 1UL << (host % WordBits);
        else
            open[host / WordBits] &= ~(1UL << (host % WordBits));
    }

    /// <summary>Counts a look at a host that is not made here.</summary>
    public void Look() => Work++;

    /// <summary>The groups of a host, the last that came first.</summary>
    public IEnumerable<int> On(int host)
    {
        for (var group = first[host]; group != Nowhere; group = next[group])
            yield return group;
    }

    public void Put(int group, int host)
    {
        journal.Add((group, at[group]));
        if (at[group] != Nowhere)
            Drop(group);
        Add(group, host);
    }

    public void Take(int group)
    {
        if (at[group] == Nowhere)
            return;
        journal.Add((group, at[group]));
        Drop(group);
    }

    /// <summary>All of the lot, if each fits once the others are there; otherwise nothing.</summary>
    public bool PutAll(int[] lot, int host)
    {
        var mark = Mark;
        Work++;
        foreach (var group in lot)
        {
            if (!Fits(group, host))
            {
                TakeBack(mark);
                return false;
            }

            Put(group, host);
        }

        return true;
    }

    public void TakeBack(int mark)
    {
        for (var i = journal.Count - 1; i >= mark; i--)
        {
            var (group, from) = journal[i];
            if (at[group] != Nowhere)
                Drop(group);
            if (from != Nowhere)
                Add(group, from);
        }

        journal.RemoveRange(mark, journal.Count - mark);
    }

    /// <summary>Groups that were put or taken since the mark, each once, with where they were then.</summary>
    public IEnumerable<(int Group, int? From)> ChangedSince(int mark) =>
        journal.Skip(mark).DistinctBy(entry => entry.Group).Select(entry => (entry.Group, entry.From == Nowhere ? (int?)null : entry.From));

    /// <summary>It may go there, and there is room.</summary>
    public bool Fits(int group, int host) =>
        IsOpen(host) && world.Groups[group].Allowed.Contains(host) && HasRoom(group, host) && Obeys(group, host);

    /// <summary>The open host with the most points that takes the group; null when none does. Ties go to the first.</summary>
    public int? Best(int group, bool tight, int except = Nowhere)
    {
        var (best, points) = (Nowhere, double.NegativeInfinity);
        var allowed = world.Groups[group].Allowed.Words;
        for (var word = 0; word < open.Length; word++)
        {
            for (var bits = open[word] & allowed[word]; bits != 0; bits &= bits - 1)
            {
                var host = (word * WordBits) + BitOperations.TrailingZeroCount(bits);
                Work++;
                if (host == except || !HasRoom(group, host))
                    continue;
                var score = Score(group, host, tight);
                if (score > points && Obeys(group, host))
                    (best, points) = (host, score);
            }
        }

        return best == Nowhere ? null : best;
    }

    /// <summary>
    /// Per mille of the host's capacity left with the group on it, weighted by dimension, less the host's burden and ten for each group it
    /// has (work is spread, also before the load of what was just placed can be measured), and what wishes and rules add.
    /// </summary>
    /// <param name="group">Not on the host.</param>
    /// <param name="host">Any.</param>
    /// <param name="tight">True: the least room left counts most, which leaves large gaps for large groups.</param>
    public double Score(int group, int host, bool tight)
    {
        if (tight)
            return -Left(group, host);
        var score = Room(group, host) - world.Hosts[host].Burden - (PointsPerGroup * groupsOn[host]);
        foreach (ref readonly var wish in world.Groups[group].Wishes.AsSpan())
            score += wish.Host == host ? wish.Points : 0;
        foreach (var rule in world.RulesOf(group))
            score -= world.Rules[rule].Weight is { } weight && !Holds(rule, host) ? weight : 0;
        return score;
    }

    /// <summary>Per mille of the host's capacity left with the group on it.</summary>
    public double Room(int group, int host) => Math.Floor(Left(group, host) * PerMille);

    /// <summary>No rule that must hold keeps the group from the host.</summary>
    public bool Obeys(int group, int host)
    {
        foreach (var rule in world.RulesOf(group))
        {
            if (world.Rules[rule].Must && !Holds(rule, host))
                return false;
        }

        return true;
    }

    /// <summary>The rule holds for one more member, which is nowhere yet, on the host.</summary>
    public bool Holds(int rule, int host)
    {
        var kept = world.Rules[rule];
        var place = world.PlaceOf(kept, host);
        return kept.Kind switch
        {
            RuleKind.Apart => place == Nowhere || counts[rule][place] < kept.Limit,
            // A rule that is broken already is not broken further.
            RuleKind.Together => placed[rule] == 0 || (place != Nowhere && counts[rule][place] > 0),
            _ => throw new InvalidOperationException($"No rule is of the kind {kept.Kind}."),
        };
    }

    private double Left(int group, int host)
    {
        var left = 0.0;
        for (var d = 0; d < dimensions; d++)
        {
            var i = (d * hosts) + host;
            left += world.Weights[(group * dimensions) + d] * (free[i] - world.Needs[(group * dimensions) + d]) * world.Share[i];
        }

        return left;
    }

    private bool HasRoom(int group, int host)
    {
        for (var d = 0; d < dimensions; d++)
        {
            var need = world.Needs[(group * dimensions) + d];
            if (need > 0 && need > free[(d * hosts) + host])
                return false;
        }

        return true;
    }

    private void Add(int group, int host)
    {
        at[group] = host;
        Count(group, host, 1);
        (next[group], previous[group]) = (first[host], Nowhere);
        if (first[host] != Nowhere)
            previous[first[host]] = group;
        first[host] = group;
    }

    private void Drop(int group)
    {
        var host = at[group];
        at[group] = Nowhere;
        Count(group, host, -1);
        if (previous[group] == Nowhere)
            first[host] = next[group];
        else
            next[previous[group]] = next[group];
        if (next[group] != Nowhere)
            previous[next[group]] = previous[group];
    }

    private void Count(int group, int host, int sign)
    {
        groupsOn[host] += sign;
        for (var d = 0; d < dimensions; d++)
            free[(d * hosts) + host] -= sign * world.Needs[(group * dimensions) + d];
        foreach (var rule in world.RulesOf(group))
        {
            placed[rule] += sign;
            if (world.PlaceOf(world.Rules[rule], host) is >= 0 and var place)
                counts[rule][place] += sign;
        }
    }

    private static int[] Filled(int length)
    {
        var array = new int[length];
        Array.Fill(array, Nowhere);
        return array;
    }
}
