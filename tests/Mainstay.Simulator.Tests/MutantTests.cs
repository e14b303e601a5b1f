using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>Each broken core is found out by the checkers, in a scenario that the intact core passes.</summary>
public sealed class MutantTests
{
    private const string Start = "Broken on purpose.\n\nhosts: n1 n2 n3 memory=8G\nguests: web memory=1G on n1\n";

    [Fact]
    public void Believing_a_living_host_dead_is_a_false_proof_and_a_double_run()
    {
        var result = Run(Mutant.CallAliveDead, "at 5s: hang n1 for 60s\nrun 30s\n");

        Assert.Contains(result.Violations, found => found.Rule == "S2");
        Assert.Contains(result.Violations, found => found.Rule == "S1");
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void Unguarded_transactions_are_found() =>
        Assert.Contains(Run(Mutant.DropGuards, "run 5s\n").Violations, found => found.Rule == "S3");

    [Fact]
    public void Stopping_an_owned_guest_is_found() =>
        Assert.Contains(Run(Mutant.StopWhatItLists, "run 30s\n").Violations, found => found.Rule is "S9" or "L1");

    [Fact]
    public void Not_recovering_is_found()
    {
        var result = Run(Mutant.NeverStart, "at 5s: power off n1\nexpect within 60s: converged\n");

        Assert.Contains(result.Missed, missed => missed.Instead.StartsWith("L1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_crash_of_the_core_is_found() =>
        Assert.Contains(Run(Mutant.Crash, "at 5s: power off n1\nrun 10s\n").Violations, found => found.Rule == "S8");

    private static ScenarioResult Run(Func<object, object?> breakage, string steps) => ScenarioRunner.Run(
        Start + steps,
        "mutant",
        new ScenarioOptions { Agents = birth => new Mutant(CoreAgent.Create(birth), breakage) });
}
