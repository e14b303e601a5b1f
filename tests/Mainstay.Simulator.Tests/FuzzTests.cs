using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>A bounded slice of the fuzzer (T3); long runs are <c>mainstay simulate fuzz</c>.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Random_clusters_under_random_faults_keep_every_invariant()
    {
        var result = Fuzzer.Run(60, 1, null, new ScenarioOptions(), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.True(result.Passed, string.Join("\n\n", result.Failures.Select(f => $"{f.Replay}\n{f.Result.Verdict()}\n{f.Scenario}")));
    }

    [Fact]
    public void A_failure_names_the_command_that_shows_it_again_and_is_shortened()
    {
        var options = new ScenarioOptions
        {
            Agents = birth => new Mutant(CoreAgent.Create(birth), Mutant.CallAliveDead),
        };

        var result = Fuzzer.Run(20, 1, null, options, TimeProvider.System, TestContext.Current.CancellationToken);

        var failure = Assert.IsType<FuzzFailure>(result.Failures[0]);
        Assert.Equal($"mainstay simulate fuzz --seeds 1 --from {failure.Seed}", failure.Replay);
        Assert.True(failure.Scenario.Length <= Fuzzer.ScenarioOf(failure.Seed).Length);
        Assert.Equal(1, result.ExitCode);
    }
}
