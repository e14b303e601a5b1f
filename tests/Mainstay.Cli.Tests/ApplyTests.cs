using System.Text.Json;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Cli.Tests;

/// <summary>A configuration file that is applied: in a safe order, one request after the other, ended by the first refusal.</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task Requests_are_made_in_a_safe_order()
    {
        await using var agent = ConfigSamples.Willing();
        var ran = await Ran.WithInput(agent.Files, PlanTests.Everything, "apply", "-", "--yes");
        Assert.Equal(0, ran.Exit);
        var asked = agent.Posts().Select(post => $"{post.Line.Split(' ')[1].Split('/')[^1]} {post.Body}\n");
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "apply-requests.txt"), string.Concat(asked));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "apply.txt"), ran.Out);
        Assert.Contains($"1 of {agent.Posts().Count()}: host n2: labels rack=r1 → rack=r2\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_refusal_ends_it_and_each_line_says_what_became_of_it()
    {
        await using var agent = ConfigSamples.Agent()
            .On(ApiPaths.HostLabel, Samples.Reply(RequestOutcome.Accepted, "done"))
            .On(ApiPaths.Policy, Samples.Reply(RequestOutcome.Refused, "not now"), 409);
        const string text = "guests: {db: {tier: 3}, web: {tier: 3}}\nhosts: {n2: {labels: []}}\n";
        var ran = await Ran.WithInput(agent.Files, text, "apply", "-", "--yes");
        Assert.Equal(1, ran.Exit);
        Assert.Equal(
            "done      host n2: labels rack=r1 → none\nrefused   guest db: tier 0 → 3\nnot asked guest web: tier 2 → 3\n"
                + "1 of 3 done.\n",
            ran.Out);
        Assert.Contains("mainstay: refused: not now\n", ran.Error, StringComparison.Ordinal);
        Assert.Contains("the rest was not asked for", ran.Error, StringComparison.Ordinal);
        Assert.Equal(2, agent.Posts().Count());
        ran = await Ran.WithInput(agent.Files, text, "apply", "-", "--yes", "--json");
        using var document = JsonDocument.Parse(ran.Out);
        Assert.Equal(
            ["done", "refused", "not_asked"],
            document.RootElement.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_not_taken_for_one()
    {
        await using var agent = ConfigSamples.Agent().On(ApiPaths.Policy, Samples.Reply(RequestOutcome.Unknown, "no answer in time"), 504);
        var ran = await Ran.WithInput(agent.Files, "guests: {db: {tier: 3}}", "apply", "-", "--yes");
        Assert.Equal((3, "unknown   guest db: tier 0 → 3\n0 of 1 done.\n"), (ran.Exit, ran.Out));
    }

    [Fact]
    public async Task Applied_a_second_time_it_changes_nothing()
    {
        var view = ConfigSamples.View.With(
            new StoreKey.Group(new GroupId("db")), ConfigSamples.View.Groups[new GroupId("db")].Value with { Tier = 3 });
        await using var agent = ConfigSamples.Willing(view);
        var ran = await Ran.WithInput(agent.Files, "guests: {db: {tier: 3}}", "apply", "-", "--yes");
        Assert.Equal((0, "Cluster east is as - says.\n", ""), (ran.Exit, ran.Out, ran.Error));
        Assert.Empty(agent.Posts());
    }

    [Theory]
    [InlineData("yes\n", 0, 1)]
    [InlineData("y\n", 1, 0)]
    [InlineData("", 1, 0)]
    public async Task A_person_is_asked_first(string typed, int exit, int requests)
    {
        await using var agent = ConfigSamples.Willing();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "guests: {db: {tier: 3}}", TestContext.Current.CancellationToken);
            var ran = await Ran.AtTerminal(agent.Files, typed, "apply", file);
            Assert.Equal((exit, requests), (ran.Exit, agent.Posts().Count()));
            Assert.Contains("guest db: tier 0 → 3\n1 difference.\nDo it? Type yes: ", ran.Error, StringComparison.Ordinal);
            ran = await Ran.With(agent.Files, "apply", file);
            Assert.Equal((1, requests), (ran.Exit, agent.Posts().Count()));
            Assert.Contains("nothing was changed", ran.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
