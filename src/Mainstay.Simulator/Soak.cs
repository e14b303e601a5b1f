using System.Globalization;
using Mainstay.Simulator.Fuzz;

namespace Mainstay.Simulator;

/// <summary>The life of one cluster in the soak, and what came of it.</summary>
/// <param name="Scenario">The scenario, shortened as far as the same rule still breaks; null when every rule was kept.</param>
public sealed record SoakLife(ulong Seed, ScenarioResult Result, string? Scenario)
{
    /// <summary>The one command that shows it again.</summary>
    public string Replay => string.Create(CultureInfo.InvariantCulture, $"mainstay simulate soak --hours 1 --from {Seed}");
}

/// <summary>Clusters that live for hours under recurring faults, one a seed.</summary>
public static class Soak
{
    /// <summary>How long one cluster lives, at least: its last phase is not cut short.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(4);

    private const int ShrinkTries = 150;

    /// <summary>The scenario that a seed stands for.</summary>
    public static string ScenarioOf(ulong seed) => SoakPlan.Write(seed, Life);

    /// <summary>Runs one life. Cancelling ends only the shortening of a failure.</summary>
    public static SoakLife Run(ulong seed, ScenarioOptions options, CancellationToken cancel)
    {
        var text = ScenarioOf(seed);
        var result = ScenarioRunner.Run(text, string.Create(CultureInfo.InvariantCulture, $"soak-{seed}"), options);
        return new SoakLife(seed, result, result.Passed ? null : Shorten(text, result, options, cancel));
    }

    private static string Shorten(string text, ScenarioResult result, ScenarioOptions options, CancellationToken cancel) =>
        Fuzzer.FirstRule(result) is { } rule
            ? Shrinker.Shrink(text, rule, options with { OnFact = null }, ShrinkTries, cancel)
            : text;
}
