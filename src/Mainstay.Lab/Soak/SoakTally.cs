using System.Diagnostics;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Soak;

/// <summary>What a soak has come to so far, over all the clusters that it needed.</summary>
internal sealed class SoakTally(ulong seed)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<SoakRound> rounds = [];
    private readonly SortedDictionary<string, int> kinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<double>> recoveries = new(StringComparer.Ordinal);
    private readonly List<string> evidence = [];
    private readonly List<string> failures = [];

    public TimeSpan Elapsed => clock.Elapsed;

    public int Rounds => rounds.Count;

    public SoakReport Report => new()
    {
        Seed = seed,
        Minutes = Math.Round(clock.Elapsed.TotalMinutes, 2),
        Rounds = rounds.Count,
        Faults = kinds,
        Failovers = rounds.Sum(round => round.Fenced),
        Resets = rounds.Sum(round => round.Resets),
        Recovery = recoveries.ToDictionary(kind => kind.Key, kind => Sample.Of(kind.Value) ?? throw new InvalidOperationException()),
        Whole = Sample.Of(rounds.Select(round => round.Whole).OfType<double>()),
        Violations = [.. rounds.SelectMany(round => round.Violations), .. failures],
        Evidence = evidence.Count > 0 ? evidence : null,
    };

    public void Did(SoakFault fault) => kinds[fault.Kind.ToString()] = kinds.GetValueOrDefault(fault.Kind.ToString()) + 1;

    public void Recovered(SoakFault fault, double seconds)
    {
        if (!recoveries.TryGetValue(fault.Kind.ToString(), out var times))
            recoveries.Add(fault.Kind.ToString(), times = []);
        times.Add(seconds);
    }

    public void Ended(SoakRound round) => rounds.Add(round);

    public void Kept(string file) => evidence.Add(file);

    /// <summary>Something went wrong outside of a round: a cluster that did not come up.</summary>
    public void Failed(string why) => failures.Add(why);
}
