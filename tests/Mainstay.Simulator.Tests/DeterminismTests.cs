using System.Diagnostics;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>S8: the same seed gives the same facts, in one process and in two.</summary>
public sealed class DeterminismTests
{
    private const string HashFile = "MAINSTAY_TEST_HASH_FILE";
    private const ulong Seed = 5;

    [Fact]
    public void The_same_seed_gives_the_same_facts_twice()
    {
        for (ulong seed = 100; seed < 105; seed++)
            Assert.Equal(HashOf(seed), HashOf(seed));
    }

    [Fact]
    public void Another_seed_gives_other_facts() => Assert.NotEqual(HashOf(Seed), HashOf(Seed + 1));

    /// <summary>An agent that takes over input without news does what one does that decides upon everything.</summary>
    [Fact]
    public void The_idle_agent_leaves_out_nothing()
    {
        for (ulong seed = 300; seed < 320; seed++)
        {
            var text = Fuzzer.ScenarioOf(seed);
            var quick = ScenarioRunner.Run(text, "quick", new ScenarioOptions());
            var exact = ScenarioRunner.Run(text, "exact", ScenarioOptions.Exact);

            var differs = quick.Facts.Zip(exact.Facts).FirstOrDefault(pair => pair.First.ToString() != pair.Second.ToString());
            Assert.True(quick.FactsHash == exact.FactsHash, $"seed {seed}, first where exactly: {differs.Second}\nquick: {differs.First}");
        }
    }

    [Fact]
    public async Task Two_processes_agree()
    {
        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
            if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
                start.ArgumentList.Add(typeof(DeterminismTests).Assembly.Location);
            start.ArgumentList.Add("-method");
            start.ArgumentList.Add($"{typeof(DeterminismTests).FullName}.{nameof(Writes_its_hash_when_asked)}");
            start.Environment[HashFile] = file;
            using var other = Process.Start(start)!;
            var output = await other.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await other.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(other.ExitCode == 0, output);
            Assert.Equal(HashOf(Seed), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The other process of <see cref="Two_processes_agree"/>.</summary>
    [Fact]
    public void Writes_its_hash_when_asked()
    {
        var hash = HashOf(Seed);
        if (Environment.GetEnvironmentVariable(HashFile) is { Length: > 0 } file)
            File.WriteAllText(file, hash);
        Assert.Equal(64, hash.Length);
    }

    private static string HashOf(ulong seed) => ScenarioRunner.Run(Fuzzer.ScenarioOf(seed), "seed", new ScenarioOptions()).FactsHash;
}
