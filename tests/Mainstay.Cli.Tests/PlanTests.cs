using System.Text.Json;
using Mainstay.Cli.Config;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Cli.Tests;

/// <summary>A configuration file held against the cluster: nothing is changed, and what is wrong is told with its line.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mainstay-plan-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_plan_of_an_export_is_empty()
    {
        await using var agent = ConfigSamples.Agent();
        var exported = await Ran.With(agent.Files, "plan", "--export");
        Assert.Equal((0, ""), (exported.Exit, exported.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "plan-export.txt"), exported.Out);
        var ran = await Ran.With(agent.Files, "plan", Write(exported.Out), "--check");
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        Assert.StartsWith("Cluster east is as ", ran.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse((await Ran.With(agent.Files, "plan", "--export", "--json")).Out);
        Assert.Equal(exported.Out, document.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void The_plan_of_any_export_is_empty()
    {
        var random = new SeededRandom(11);
        for (var i = 0; i < 300; i++)
        {
            var view = ConfigSamples.Random(random);
            var (wanted, reading) = ConfigReader.Read(ConfigExport.Of(ConfigSamples.Reply(view), view));
            Assert.Empty(reading.Problems);
            Assert.Empty(ConfigNames.Unknown(view, wanted, reading.Mentions));
            Assert.Empty(ConfigPlan.Of(view, wanted));
            Assert.Equal(view.Groups.Count, wanted.Guests.Count);
            Assert.Equal(view.Rules.Count, wanted.Rules.Count);
        }
    }

    [Fact]
    public async Task Each_difference_is_a_line()
    {
        await using var agent = ConfigSamples.Agent();
        var file = Write(Everything);
        var ran = await Ran.With(agent.Files, "plan", file);
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "plan.txt"), ran.Out);
        Assert.Equal(1, (await Ran.With(agent.Files, "plan", file, "--check")).Exit);
        using var document = JsonDocument.Parse((await Ran.With(agent.Files, "plan", file, "--json")).Out);
        Assert.All(
            document.RootElement.GetProperty("changes").EnumerateArray(),
            change => Assert.Equal("proposed", change.GetProperty("outcome").GetString()));
        Assert.Empty(agent.Posts());
    }

    [Theory]
    [InlineData("")]
    [InlineData("guests:\nrules:\n")]
    [InlineData("rules: []\napps: {}\n")]
    [InlineData("guests: {db: {}}")]
    [InlineData("rules: [{name: even, spread: [web2, web]}]")]
    [InlineData("hosts: {n3: {maintenance: on}}")]
    [InlineData("{\"guests\": {\"db\": {\"recovery-budget\": \"1.5s\"}}}")]
    public async Task What_is_not_written_is_not_compared(string text)
    {
        await using var agent = ConfigSamples.Agent();
        var ran = await Ran.With(agent.Files, "plan", Write(text), "--check");
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
    }

    [Fact]
    public async Task Without_a_list_that_is_complete_nothing_is_removed()
    {
        await using var agent = ConfigSamples.Agent();
        var ran = await Ran.With(agent.Files, "plan", Write("complete: [rules, apps]"));
        Assert.Contains("rule cards: batch must run on gpu or host=n2 → none\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains("app shop: db, web → none\n4 differences.\n", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_errors_of_a_file_are_told_at_once_and_nothing_is_asked()
    {
        await using var agent = ConfigSamples.Willing();
        foreach (var args in new string[][] { ["plan", "-"], ["apply", "-", "--yes"] })
        {
            var ran = await Ran.WithInput(agent.Files, Wrong, args);
            Assert.Equal((2, ""), (ran.Exit, ran.Out));
            Golden.Matches(Path.Combine(Golden.Here, "Golden", "plan-errors.txt"), ran.Error);
        }

        Assert.Empty(agent.Posts());
        var json = await Ran.WithInput(agent.Files, Wrong, "plan", "-", "--json");
        using var document = JsonDocument.Parse(json.Out);
        Assert.Equal("usage", document.RootElement.GetProperty("error").GetString());
        Assert.Equal(1, document.RootElement.GetProperty("lines")[0].GetProperty("line").GetInt32());
    }

    [Theory]
    [InlineData(2, "guests: [\n  db: {tier")]
    [InlineData(1, "guests: &all {}")]
    [InlineData(2, "guests:\n\tdb: {}")]
    [InlineData(3, "guests: {}\n---\nrules: []")]
    [InlineData(1, "[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]")]
    [InlineData(2, "guests:\n  [db]: {}")]
    [InlineData(1, "just a word")]
    public async Task What_is_no_such_file_is_told_with_its_line(int line, string text)
    {
        await using var agent = ConfigSamples.Agent();
        var ran = await Ran.WithInput(agent.Files, text, "plan", "-");
        Assert.Equal((2, ""), (ran.Exit, ran.Out));
        Assert.StartsWith($"-:{line}: ", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_makes_the_reader_fall()
    {
        var random = new SeededRandom(7);
        const string odd = "[]{}:,-&*!|>'\"%@`#\n\t \\x0\u0001";
        for (var i = 0; i < 3_000; i++)
        {
            var text = Everything.ToCharArray();
            for (var j = random.Next(6); j >= 0; j--)
                text[random.Next(text.Length)] = odd[random.Next(odd.Length)];
            Assert.All(ConfigReader.Read(new string(text)).Reading.Problems, problem => Assert.True(problem.Line > 0));
        }
    }

    [Theory]
    [InlineData("Which file?", "plan")]
    [InlineData("leave FILE and --check out", "plan", "x.yaml", "--export")]
    [InlineData("/nonexistent/file: cannot be read", "plan", "/nonexistent/file")]
    [InlineData("say --yes", "apply", "-")]
    public async Task What_makes_no_sense_is_said(string wrong, params string[] args)
    {
        var ran = await Ran.With(Ran.Nowhere, args);
        Assert.Equal((2, ""), (ran.Exit, ran.Out));
        Assert.Contains(wrong, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_agent_errors_of_the_form_are_told_all_the_same()
    {
        Assert.Equal(3, (await Ran.WithInput(Ran.Nowhere, "guests: {db: {}}", "plan", "-")).Exit);
        var ran = await Ran.WithInput(Ran.Nowhere, "gests: {}", "plan", "-");
        Assert.Equal(2, ran.Exit);
        Assert.Contains("-:1: the file: there is no key 'gests' (did you mean 'guests'?)", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_of_the_guide_is_right()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Golden.Root, "docs/guides/configuration-file.md"), TestContext.Current.CancellationToken);
        var example = page.Split("```yaml\n")[1].Split("```")[0];
        await using var agent = ConfigSamples.Agent();
        var ran = await Ran.WithInput(agent.Files, example, "plan", "-");
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        foreach (var key in GuestField.All)
            Assert.Contains($"    {key.Name}: ", example, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        var file = Path.Combine(folder, "east.yaml");
        File.WriteAllText(file, text);
        return file;
    }

    internal const string Everything =
        """
        cluster: {profile: conservative, capacity: {losses: 1, domains: []}, overcommit: 6}
        hosts:
          n1: {maintenance: on}
          n2: {labels: [rack=r2], maintenance: off}
          n3: {labels: [rack=r3]}
        guests:
          db: {tier: 1, prefer: [], failback: idle, recovery-budget: none, on-isolation: keep, after: [batch]}
          web:
            storage-proof: always
            after:
              - {guest: web2, gate: agent, limit: 90s}
          batch: {yields: moves, on-guest-shutdown: restart, on-repeated-loss: hold}
        rules:
          - {name: apart, apart: [web, web2], by: rack}
          - {name: even, spread: [batch, web, web2], should: true}
          - {name: not, not-on: [rack=r3, host=n1], guests: [db]}
        apps:
          shop: [web, web2]
          store: [batch, db]
        complete: [rules]

        """;

    private const string Wrong =
        """
        cluser: {}
        cluster: {profile: fast, capacity: {losses: 4, domains: [row]}, overcommit: many}
        hosts:
          n1: {labels: [rack=r1, rack=r2, "a b", host=x], maintenance: yes}
          n33: {}
        guests:
          dbb: {tier: 0}
          web:
            teir: 0
            tier: 5
            yields:
            prefer: n1
            failback: at night
            recovery-budget: 30
            on-isolation: [keep]
            after:
              - web
              - {guest: nobody, gate: agnet, limit: 5 minutes, then: stop}
              - {guest: db, gate: delay=5, limit: 25h}
              - {gate: agent}
          web: {}
        rules:
          - {name: one, apart: [web]}
          - {name: two, apart: [web, web], together: [web, db]}
          - {apart: [web, db]}
          - {name: three, on: [gpus, host=n9], limit: 2, guests: [web]}
          - {name: one, on: [gpu]}
        apps:
          "a b": [web]
          shop2: [web, db]
          empty: []
        complete: all

        """;
}
