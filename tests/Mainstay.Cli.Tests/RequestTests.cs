using System.Text.Json;
using Mainstay.Contracts.Api;
using Xunit;

namespace Mainstay.Cli.Tests;

/// <summary>What the program asks of the agent.</summary>
public sealed class RequestTests
{
    private static readonly string Accepted = Samples.Reply(RequestOutcome.Accepted, "written");

    [Theory]
    [InlineData("/v1/requests/start", """{"guest":"web","host":"n2","take_over":false,"override":""}""", "start", "web", "--on", "n2")]
    [InlineData("/v1/requests/stop", """{"guest":"web","force":true}""", "stop", "web", "--force")]
    [InlineData("/v1/requests/move", """{"guest":"web","host":"n3","override":""}""", "move", "web", "--to", "n3")]
    [InlineData(
        "/v1/requests/move", """{"guest":"web","host":"n3","override":"tonight"}""", "move", "web", "n3", "--override", "tonight")]
    [InlineData("/v1/requests/capacity", """{"host_losses":2,"domains":null}""", "capacity", "--losses", "2")]
    [InlineData("/v1/requests/capacity", """{"host_losses":null,"domains":["rack","power"]}""", "capacity", "--domains", "rack,power")]
    [InlineData("/v1/requests/capacity", """{"host_losses":0,"domains":[]}""", "capacity", "--losses", "0", "--domains", "none")]
    [InlineData(
        "/v1/requests/protect",
        """{"guest":null,"all":true,"take_over":false,"on_guest_shutdown":"restart","on_isolation":"freeze_then_kill","""
        + "\"storage_proof\":\"always\",\"on_repeated_loss\":\"hold\",\"tier\":2,\"yields\":\"never\",\"override\":\"\"}",
        "protect", "--all", "--on-guest-shutdown", "restart", "--storage-proof", "always")]
    [InlineData(
        "/v1/requests/storage-set",
        """{"name":"san","agent":"tgt","options":{"client.n1":"10.2.0.1","target":"iqn.x"},"covers":["/san","iscsi:iqn.x"]}""",
        "storage", "set", "san", "--agent", "tgt", "--option", "target=iqn.x", "--option", "client.n1=10.2.0.1", "--covers", "/san",
        "iscsi:iqn.x")]
    [InlineData("/v1/requests/storage-remove", """{"name":"san","override":""}""", "storage", "remove", "san")]
    [InlineData(
        "/v1/requests/storage-remove", """{"name":"san","override":"scrapped"}""", "storage", "remove", "san", "--override", "scrapped")]
    [InlineData("/v1/requests/release", """{"guest":"web"}""", "release", "web")]
    [InlineData("/v1/requests/disarm", """{"reason":"new switch"}""", "disarm", "new", "switch")]
    [InlineData(
        "/v1/requests/maintenance", """{"host":"n1","on":false,"drain":false,"override":""}""", "maintenance", "n1", "off")]
    [InlineData(
        "/v1/requests/maintenance", """{"host":"n1","on":true,"drain":true,"override":"a fan"}""",
        "maintenance", "n1", "on", "--drain", "--override", "a fan")]
    [InlineData("/v1/requests/leave", """{"policy":"keep"}""", "leave", "--keep")]
    [InlineData(
        "/v1/requests/policy",
        """{"guest":"db","on_guest_shutdown":null,"on_isolation":"shutdown","storage_proof":null,"on_repeated_loss":"restart","""
        + "\"tier\":null,\"yields\":null,\"prefer\":null,\"failback\":null,\"recovery_budget_ms\":null}",
        "policy", "db", "--on-isolation", "shutdown", "--on-repeated-loss", "restart")]
    [InlineData(
        "/v1/requests/policy",
        """{"guest":"db","on_guest_shutdown":null,"on_isolation":null,"storage_proof":null,"on_repeated_loss":null,"""
        + "\"tier\":null,\"yields\":null,\"prefer\":[\"n1\",\"n2\"],\"failback\":\"window=22:00-05:00\",\"recovery_budget_ms\":null}",
        "policy", "db", "--prefer", "n1,n2", "--failback", "window=22:00-05:00")]
    [InlineData(
        "/v1/requests/rule-set",
        """{"name":"web","rule":"apart","guests":["web1","web2"],"by":"rack","limit":null,"hosts":[],"should":true}""",
        "rule", "set", "web", "--apart", "web1,web2", "--by", "rack", "--should")]
    [InlineData(
        "/v1/requests/rule-set",
        """{"name":"lic","rule":"not_on","guests":["erp"],"by":null,"limit":null,"hosts":["host=n1","host=n2","gpu"],"should":false}""",
        "rule", "set", "lic", "--guests", "erp", "--not-on", "host=n1,n2", "--not-on", "gpu")]
    [InlineData("/v1/requests/rule-remove", """{"name":"web"}""", "rule", "remove", "web")]
    [InlineData(
        "/v1/requests/host-label", """{"host":"n1","labels":["rack=r1","gpu"],"remove":["ssd"]}""",
        "host", "label", "n1", "rack=r1", "gpu", "--remove", "ssd")]
    [InlineData("/v1/requests/overcommit", """{"vcpus_per_cpu":6}""", "overcommit", "6")]
    [InlineData(
        "/v1/requests/quarantine", """{"host":"n1","on":true,"reason":"a fan"}""", "quarantine", "n1", "on", "--reason", "a fan")]
    [InlineData("/v1/requests/profile", """{"profile":"aggressive","anyway":false}""", "profile", "aggressive")]
    [InlineData(
        "/v1/requests/policy",
        """{"guest":"db","on_guest_shutdown":null,"on_isolation":null,"storage_proof":"never","on_repeated_loss":null,"""
        + "\"tier\":0,\"yields\":\"stops\",\"prefer\":null,\"failback\":null,\"recovery_budget_ms\":30000}",
        "policy", "db", "--storage-proof", "never", "--tier", "0", "--yields", "stops", "--recovery-budget", "30s")]
    [InlineData(
        "/v1/requests/policy",
        """{"guest":"db","on_guest_shutdown":null,"on_isolation":null,"storage_proof":null,"on_repeated_loss":null,"""
        + "\"tier\":null,\"yields\":null,\"prefer\":null,\"failback\":null,\"recovery_budget_ms\":0}",
        "policy", "db", "--recovery-budget", "none")]
    [InlineData("/v1/requests/fence-remove", """{"host":"n1","name":"pdu"}""", "fence", "remove", "n1", "pdu")]
    [InlineData(
        "/v1/requests/confirm-dead", """{"host":"n1","typed":"n1","reason":"dark","session":"5c0c1be5d1a6fe2f","by":"anna"}""",
        "confirm-dead", "n1", "--reason", "dark", "--yes-it-is-dead", "n1", "--session", "5c0c1be5d1a6fe2f")]
    [InlineData(
        "/v1/requests/confirm-dead", """{"host":"n1","typed":"n1","reason":"dark","session":null,"by":"anna"}""",
        "confirm-dead", "n1", "--reason", "dark", "--yes-it-is-dead", "n1")]
    public async Task Words_become_a_request(string path, string body, params string[] args)
    {
        await using var agent = new FakeAgent().On(path, Accepted);
        var ran = await Ran.With(agent.Files, args);
        Assert.Equal((0, "written\n", ""), (ran.Exit, ran.Out, ran.Error));
        Assert.Equal(($"POST {path} HTTP/1.1", body), Assert.Single(agent.Asked));
    }

    [Fact]
    public async Task Secrets_come_from_files_and_standard_input_and_are_never_echoed()
    {
        await using var agent = new FakeAgent().On(ApiPaths.FenceSet, Accepted);
        var file = Path.Combine(agent.Files.Runtime, "pass");
        await File.WriteAllTextAsync(file, "from-file\n", TestContext.Current.CancellationToken);
        var ran = await Ran.WithInput(
            agent.Files, "from-stdin\n", "fence", "set", "n1", "--agent", "fence_ipmilan", "--option", "ip=10.0.9.1",
                "--option", "password=-",
            "--option", $"snmp_priv_passwd=@{file}", "--option", "username=@@admin", "--option", "passwd=inline");
        Assert.Equal(0, ran.Exit);
        using var body = JsonDocument.Parse(Assert.Single(agent.Asked).Body);
        var options = body.RootElement.GetProperty("options");
        Assert.Equal("from-stdin", options.GetProperty("password").GetString());
        Assert.Equal("from-file", options.GetProperty("snmp_priv_passwd").GetString());
        Assert.Equal("@admin", options.GetProperty("username").GetString());
        var printed = ran.Out + ran.Error;
        Assert.DoesNotContain("from-", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("inline", printed, StringComparison.Ordinal);
        Assert.Contains("value of passwd stands on the command line", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_guests_are_reported_as_one_document()
    {
        await using var agent = new FakeAgent()
            .On(ApiPaths.Protect, Accepted)
            .On(ApiPaths.Protect, """{"error":"not_found","text":"no domain 'bd'"}""", 404);
        var ran = await Ran.With(agent.Files, "protect", "web", "bd", "--json");
        using var document = JsonDocument.Parse(ran.Out);
        Assert.Equal((1, "refused"), (ran.Exit, document.RootElement.GetProperty("outcome").GetString()));
        Assert.Equal(2, document.RootElement.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Start_waits_until_it_runs_there()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Start, Accepted)
            .On(ApiPaths.Status, Samples.Status(Samples.WithGuest("stopped", null, 3)))
            .On(ApiPaths.Status, """{"error":"timeout","text":"the store is slow"}""", 504)
            .On(ApiPaths.Status, Samples.Status(Samples.WithGuest("running", "n2", 4)));
        var ran = await Ran.With(agent.Files, "start", "web", "--on", "n2", "--wait");
        Assert.Equal((0, "web is running on n2 (epoch 4).\n"), (ran.Exit, ran.Out));
        Assert.Equal("written\nweb is stopped (epoch 3)\nweb is running on n2 (epoch 4)\n", ran.Error);
    }

    [Fact]
    public async Task A_move_that_ends_elsewhere_is_1()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Move, Accepted)
            .On(ApiPaths.Status, Samples.Status(Samples.WithGuest("running", "n1", 3)))
            .On(ApiPaths.Status, Samples.Status(Samples.WithGuest("running", "n2", 5)));
        var ran = await Ran.With(agent.Files, "move", "web", "--to", "n3", "--wait");
        Assert.Equal(1, ran.Exit);
        Assert.Contains("web runs on n2, not on n3", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_ends_at_its_limit()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Stop, Accepted)
            .On(ApiPaths.Status, Samples.Status(Samples.WithGuest("stopping", "n1", 3)));
        var ran = await Ran.With(agent.Files, "stop", "web", "--wait", "--within", "500ms");
        Assert.Equal((3, ""), (ran.Exit, ran.Out));
        Assert.Contains("web is not stopped after 500 ms; web is stopping on n1", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_characters_of_others_do_not_reach_the_terminal()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Arm, Samples.Reply(RequestOutcome.Refused, "\u001b[2Jgone"), 409);
        var ran = await Ran.With(agent.Files, "arm");
        Assert.Equal("mainstay: refused:  [2Jgone\n", ran.Error);
    }

    [Fact]
    public async Task Events_are_followed_across_a_restart_of_the_agent_and_shown_once()
    {
        static string Lines(params long[] seqs) => string.Concat(seqs.Select(seq =>
            Samples.Json(Samples.Event(seq, "n1", "HostSuspected", "n2 is silent"), ApiJson.Default.EventEntry) + "\n\n"));
        await using var agent = new FakeAgent()
            .On(ApiPaths.Events, Lines(1, 2))
            .On(ApiPaths.Events, Lines(1, 2, 3))
            .On(ApiPaths.Events, """{"error":"refused","text":"enough"}""", 409);
        var ran = await Ran.With(agent.Files, "events", "-f", "--json");
        var seqs = ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains("\"seq\"", StringComparison.Ordinal));
        Assert.Equal(3, seqs.Count());
        Assert.Equal(1, ran.Exit);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_told_beside_the_events()
    {
        var notice = Samples.Event(EventEntry.NoticeSeq, "n2", "", "no answer");
        await using var agent = new FakeAgent()
            .On(ApiPaths.Events, Samples.Json(notice, ApiJson.Default.EventEntry) + "\n")
            .On(ApiPaths.Events, """{"error":"refused","text":"enough"}""", 409);
        var ran = await Ran.With(agent.Files, "events", "-f", "--json");
        Assert.StartsWith("n2: no answer\n", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no answer", ran.Out, StringComparison.Ordinal);
    }
}
