using System.Text.Json;
using Mainstay.Contracts.Api;
using Xunit;

namespace Mainstay.Cli.Tests;

/// <summary>What people read, compared with text files.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task Status_shows_cluster_hosts_guests_and_problems()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Status, Samples.Status(Samples.Night));
        await Shows(agent, "status", "status");
    }

    [Fact]
    public async Task Status_of_a_disarmed_cluster_without_quorum_says_so_first()
    {
        var cluster = Samples.Night.Cluster with
        {
            Armed = false, DisarmReason = "new switch", Quorum = false, QuorumWhy = "no answer within 2 s", Leader = null,
        };
        var status = Samples.Night with
        {
            Cluster = cluster, Hosts = [Samples.Night.Hosts[1]], Guests = [], Warnings = ["n2: the disk is nearly full"],
        };
        await using var agent = new FakeAgent().On(ApiPaths.Status, Samples.Status(status));
        await Shows(agent, "status-disarmed", "status");
    }

    [Fact]
    public async Task Check_shows_what_to_mend_first_and_how_the_clocks_run()
    {
        CheckFinding One(string rule, string severity, string? host, string what, string value, string mend) =>
            new() { Rule = rule, Severity = severity, Host = host, What = what, Value = value, Mend = mend };
        var reply = new CheckReply
        {
            Profile = "balanced",
            Findings =
            [
                One("V8", "refuse", "n1", "no other host has the disks of web: if it dies they stay down", "/var/lib/images",
                    "put them on storage that two hosts have at the same path"),
                One("V11", "warn", null, "nobody knows for how long nas:/guests keeps the locks of a dead host", "not known",
                    "look on the server"),
            ],
            Unheard = ["n3"],
            Clocks = new() { Pairs = 3, Measured = 1, WorstPpm = 12.44, Worst = "n1 and n2" },
        };
        await using var agent = new FakeAgent().On(ApiPaths.Check, Samples.Json(reply, ApiJson.Default.CheckReply));
        var ran = await Ran.With(agent.Files, "check");
        Assert.Equal((1, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "check.txt"), ran.Out);
        var calm = reply with { Findings = [], Unheard = [], Clocks = new() { Pairs = 3, Measured = 0 } };
        await using var other = new FakeAgent().On(ApiPaths.Check, Samples.Json(calm, ApiJson.Default.CheckReply));
        ran = await Ran.With(other.Files, "check");
        Assert.Equal(0, ran.Exit);
        Assert.StartsWith("Clocks: none of 3 pairs of hosts measured yet", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_tells_the_story()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Explain + "/web", Samples.Json(Samples.Web, ApiJson.Default.ExplainReply));
        await Shows(agent, "explain", "explain", "web");
    }

    [Fact]
    public async Task Explain_shows_where_it_would_go()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Explain + "/db1", Samples.Json(Samples.Db1, ApiJson.Default.ExplainReply));
        await Shows(agent, "explain-if-lost", "explain", "db1");
        var guide = await File.ReadAllTextAsync(
            Path.Combine(Golden.Root, "docs/guides/how-mainstay-chooses.md"), TestContext.Current.CancellationToken);
        var page = await File.ReadAllTextAsync(
            Path.Combine(Golden.Here, "Golden", "explain-if-lost.txt"), TestContext.Current.CancellationToken);
        Assert.Contains(page[page.IndexOf("  HOST", StringComparison.Ordinal)..], guide, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_says_whether_it_would_start_there()
    {
        var reply = Samples.Web with
        {
            On = new() { Host = "n3", Possible = false, Reasons = ["in maintenance", "bridge br1: it does not exist there"], Unknown = ["pool fast"] },
        };
        await using var agent = new FakeAgent().On(ApiPaths.Explain + "/web", Samples.Json(reply, ApiJson.Default.ExplainReply));
        var ran = await Ran.With(agent.Files, "explain", "web", "--on", "n3");
        Assert.Equal((1, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "explain-on.txt"), ran.Out);
        Assert.Contains("?on=n3", Assert.Single(agent.Asked).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_and_labels_are_listed()
    {
        var status = Samples.Night with
        {
            Hosts = [Samples.Night.Hosts[1] with { Labels = ["gpu", "rack=r1"] }, Samples.Night.Hosts[2]],
            Rules =
            [
                new() { Name = "db", Rule = "apart", Guests = ["db1", "db2"], By = "rack", Should = true,
                    Text = "db1, db2 should run each in another rack" },
                new() { Name = "web", Rule = "apart", Guests = ["web1", "web2"], Should = false,
                    Text = "web1, web2 must run each on another host", Broken = "web1 and web2 are on n2" },
            ],
        };
        await using var agent = new FakeAgent().On(ApiPaths.Status, Samples.Status(status));
        await Shows(agent, "rule-list", "rule", "list");
        await Shows(agent, "host-list", "host", "list");
    }

    [Fact]
    public async Task Events_are_lines_and_an_array()
    {
        var lines = string.Join('\n', Samples.Web.History.Select(entry => Samples.Json(entry, ApiJson.Default.EventEntry)));
        await using var agent = new FakeAgent().On(ApiPaths.Events, lines + "\n");
        await Shows(agent, "events", "events", "--guest", "web");
        Assert.Contains(agent.Asked, asked => asked.Line.Contains("?last=200&guest=web", StringComparison.Ordinal));
        var json = await Ran.With(agent.Files, "events", "--json", "--since", "2026-03-01T02:13:38Z");
        using var document = JsonDocument.Parse(json.Out);
        Assert.Equal("GuestStarted", Assert.Single(document.RootElement.EnumerateArray()).GetProperty("fact").GetString());
    }

    [Fact]
    public async Task Fence_test_shows_each_method()
    {
        var reply = new FenceTestReply
        {
            Host = "n1", Ready = true, Text = "n1: a proof of death is possible through bmc",
            Methods =
            [
                Samples.Test("bmc"),
                Samples.Test("pdu") with
                {
                    Ok = false, Power = null, Cause = "login_failed", Text = "the password is wrong", Seconds = 1.5,
                },
            ],
        };
        await using var agent = new FakeAgent().On(ApiPaths.FenceTest, Samples.Json(reply, ApiJson.Default.FenceTestReply));
        await Shows(agent, "fence-test", "fence", "test", "n1");
    }

    [Fact]
    public async Task Fence_list_hides_secrets()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Status, Samples.Status(Samples.Night));
        await Shows(agent, "fence-list", "fence", "list");
    }

    [Fact]
    public async Task Help_has_examples()
    {
        await using var agent = new FakeAgent();
        await Shows(agent, "help", "--help");
        await Shows(agent, "help-fence-set", "fence", "set", "--help");
    }

    [Fact]
    public async Task The_reference_is_up_to_date()
    {
        var ran = await Ran.With(Ran.Nowhere, "reference");
        Golden.Matches(Path.Combine(Golden.Root, "docs/reference/commands.md"), ran.Out);
    }

    private static async Task Shows(FakeAgent agent, string page, params string[] args)
    {
        var ran = await Ran.With(agent.Files, args);
        Assert.Equal((0, ""), (ran.Exit, args.Contains("test") ? "" : ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", page + ".txt"), ran.Out);
    }
}
