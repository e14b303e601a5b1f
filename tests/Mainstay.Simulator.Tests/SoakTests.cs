using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>A bounded slice of the soak (T3); long runs are <c>./bench.sh soak-sim</c>.</summary>
public sealed class SoakTests
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    /// <summary>New seeds every second of the clock: what no run has seen yet. The range is printed, so that it can be run again.</summary>
    [Fact]
    [Trait("cost", "slow")]
    public void Clusters_live_for_hours_under_faults_of_all_kinds()
    {
        var clock = TimeProvider.System;
        var first = (ulong)clock.GetUtcNow().ToUnixTimeSeconds() * 1000;
        var began = clock.GetTimestamp();
        var tally = new SoakTally();
        do
            tally.Add(Soak.Run(first + (ulong)tally.Lives, new ScenarioOptions(), TestContext.Current.CancellationToken));
        while (clock.GetElapsedTime(began) < Slice && tally.Findings.Count == 0);

        Console.WriteLine(
            $"soak: {tally.VirtualSeconds / 3600:0} hours, {tally.HostDeaths} hosts proved dead, {tally.Failovers} failovers; again: "
            + $"mainstay simulate soak --hours {tally.Lives * Soak.Life.TotalHours:0} --from {first}");
        var findings = tally.Findings.Select(life => $"{life.Replay}\n{life.Result.Verdict()}\n{life.Scenario}");
        Assert.True(tally.Findings.Count == 0, string.Join("\n", findings));
    }

    [Fact]
    public void A_seed_is_a_life_of_some_hours_that_reaches_more_than_one_proof()
    {
        var tally = new SoakTally();

        tally.Add(Soak.Run(4, new ScenarioOptions(), TestContext.Current.CancellationToken));

        Assert.Empty(tally.Findings);
        Assert.True(tally.VirtualSeconds >= Soak.Life.TotalSeconds);
        Assert.True(tally.Proofs.Count > 1, string.Join(' ', tally.Proofs.Keys));
        Assert.Contains("step 'bmc HOST lying'", tally.Never());
        Assert.DoesNotContain("fact HostFenced", tally.Never());
    }

    [Fact]
    public void A_failure_is_shortened_to_what_breaks_the_rule()
    {
        var options = new ScenarioOptions
        {
            Agents = birth => new Mutant(CoreAgent.Create(birth), Mutant.CallAliveDead),
        };

        var life = Soak.Run(3, options, TestContext.Current.CancellationToken);

        var shortened = Assert.IsType<string>(life.Scenario);
        var again = ScenarioRunner.Run(shortened, "again", options);
        Assert.Equal(Fuzzer.FirstRule(life.Result), Fuzzer.FirstRule(again));
        Assert.True(shortened.Length * 4 < Soak.ScenarioOf(3).Length, shortened);
        Assert.Equal("mainstay simulate soak --hours 1 --from 3", life.Replay);
    }
}
