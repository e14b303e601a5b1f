using System.Text.Json;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>The end state as JSON and as text, and the exit codes.</summary>
public sealed class ResultTests
{
    private const string Text = """
        A host dies.

        hosts: n1 n2 n3 memory=8G
        guests: web memory=1G on n1
        at 5s: power off n1
        expect within 5s: web runs on n2|n3
        """;

    [Fact]
    public void The_end_state_has_the_documented_shape()
    {
        var result = ScenarioRunner.Run(Text, "text", new ScenarioOptions());

        using var json = JsonDocument.Parse(result.ToJson());
        var root = json.RootElement;
        Assert.Equal(0, result.ExitCode);
        var web = root.GetProperty("groups").GetProperty("web");
        Assert.Equal("running", web.GetProperty("state").GetString());
        Assert.Contains(web.GetProperty("host").GetString(), new[] { "n2", "n3" });
        Assert.Equal(2, web.GetProperty("epoch").GetInt64());
        Assert.Equal("fenced", root.GetProperty("hosts").GetProperty("n1").GetProperty("state").GetString());
        Assert.Equal(0, root.GetProperty("violations").GetArrayLength());
        Assert.NotEqual(0, root.GetProperty("facts").GetArrayLength());
        Assert.True(root.GetProperty("virtual_seconds").GetDouble() > 5);
        Assert.Equal(64, root.GetProperty("facts_hash").GetString()?.Length);
    }

    [Fact]
    public void A_missed_expectation_is_exit_code_1_and_says_what_is_instead()
    {
        var result = ScenarioRunner.Run(Text + "\nexpect: web runs on n1\n", "text", new ScenarioOptions());

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("it runs on n", result.Missed[0].Instead, StringComparison.Ordinal);
        Assert.Contains("MISSED", result.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_seed_may_be_given()
    {
        var one = ScenarioRunner.Run(Text, "text", new ScenarioOptions { Seed = 1 });
        var two = ScenarioRunner.Run(Text, "text", new ScenarioOptions { Seed = 2 });

        Assert.NotEqual(one.FactsHash, two.FactsHash);
    }
}
