using System.Globalization;
using Mainstay.Simulator.Fuzz;

namespace Mainstay.Simulator;

/// <summary>A seed whose run broke a rule.</summary>
/// <param name="Scenario">The scenario, shortened as far as the same rule still breaks.</param>
public sealed record FuzzFailure(ulong Seed, ScenarioResult Result, string Scenario)
{
    /// <summary>The one command that shows it again.</summary>
    public string Replay => string.Create(CultureInfo.InvariantCulture, $"mainstay simulate fuzz --seeds 1 --from {Seed}");
}

/// <summary>One seed is done.</summary>
public sealed record FuzzProgress(ulong Seed, int Done, int Seeds, ScenarioResult Result);

/// <summary>What came of a number of seeds.</summary>
public sealed record FuzzResult(int Seeds, IReadOnlyList<FuzzFailure> Failures, double VirtualSeconds, TimeSpan Elapsed)
{
    public bool Passed => Failures.Count == 0;

    public int ExitCode => Passed ? 0 : 1;

    public double VirtualSecondsPerSecond => Elapsed > TimeSpan.Zero ? VirtualSeconds / Elapsed.TotalSeconds : 0;
}

/// <summary>Runs random clusters under random faults, one seed after another.</summary>
public static class Fuzzer
{
    private const int ShrinkTries = 80;

    /// <summary>The scenario that a seed stands for.</summary>
    public static string ScenarioOf(ulong seed) => FuzzPlan.Write(seed);

    /// <summary>Runs <paramref name="seeds"/> seeds from <paramref name="from"/> on. Failures do not end it; cancelling does.</summary>
    public static FuzzResult Run(
        int seeds, ulong from, Action<FuzzProgress>? progress, ScenarioOptions options, TimeProvider time, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var failures = new List<FuzzFailure>();
        var virtualSeconds = 0.0;
        var done = 0;
        while (done < seeds && !cancel.IsCancellationRequested)
        {
            var seed = from + (ulong)done;
            var text = FuzzPlan.Write(seed);
            var result = ScenarioRunner.Run(text, Name(seed), options);
            virtualSeconds += result.VirtualSeconds;
            done++;
            if (!result.Passed)
                failures.Add(new FuzzFailure(seed, result, failures.Count == 0 ? Shorten(text, result, options, cancel) : text));
            progress?.Invoke(new FuzzProgress(seed, done, seeds, result));
        }

        return new FuzzResult(done, failures, virtualSeconds, time.GetElapsedTime(began));
    }

    /// <summary>What counts as the same failure while a scenario is shortened.</summary>
    internal static string? FirstRule(ScenarioResult result) =>
        result.Violations.Count > 0 ? result.Violations[0].Rule : result.Missed.Count > 0 ? "missed" : null;

    private static string Shorten(string text, ScenarioResult result, ScenarioOptions options, CancellationToken cancel) =>
        FirstRule(result) is { } rule ? Shrinker.Shrink(text, rule, options with { OnFact = null }, ShrinkTries, cancel) : text;

    private static string Name(ulong seed) => string.Create(CultureInfo.InvariantCulture, $"seed-{seed}");
}
