using System.Text.Json;
using Mainstay.Contracts.Api;
using Xunit;

namespace Mainstay.Cli.Tests;

/// <summary>The pages and requests about the order of guests, and about applications.</summary>
public sealed class OrderTests
{
    private static readonly string Accepted = Samples.Reply(RequestOutcome.Accepted, "written");

    private static StatusReply Shop { get; } = Samples.Night with
    {
        Guests =
        [
            Guest("db"),
            Guest("logic") with
            {
                State = "starting",
                Waits = "after db (agent): the agent in db has not answered yet; at most 5m",
                After = [After("db", "agent", "continue", open: false, "the agent in db has not answered yet")],
            },
            Guest("web") with
            {
                State = "starting",
                Waits = "held after 2m, logic has not started yet on n2; mainstay start web starts it now",
                After =
                [
                    After("db", "started", "continue", open: true, "db is through its gate (started)"),
                    After("logic", "delay", "hold", open: false, "logic has not started yet on n2") with
                    {
                        DelaySeconds = 30, LimitSeconds = 120,
                    },
                ],
            },
            Guest("wiki") with { Application = null },
        ],
        Applications =
        [
            new AppStatus
            {
                Name = "shop", State = "starting", Guests = ["db", "logic", "web"],
                Why = "1 of 3 run; logic is starting: after db (agent): the agent in db has not answered yet; at most 5m",
            },
        ],
    };

    [Theory]
    [InlineData("order", "order")]
    [InlineData("app-list", "app", "list")]
    [InlineData("app-status", "app", "status", "shop")]
    [InlineData("status-order", "status")]
    [InlineData("help-order", "order", "--help")]
    public async Task Pages_show_who_waits_for_whom(string page, params string[] args)
    {
        await using var agent = new FakeAgent().On(ApiPaths.Status, Samples.Status(Shop));
        var ran = await Ran.With(agent.Files, args);
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", page + ".txt"), ran.Out);
    }

    [Fact]
    public async Task Programs_get_the_same()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Status, Samples.Status(Shop));
        using var order = JsonDocument.Parse((await Ran.With(agent.Files, "order", "--json")).Out);
        Assert.Equal(
            ["db 1", "logic 2", "web 3"],
            order.RootElement.GetProperty("guests").EnumerateArray()
                .Select(guest => $"{guest.GetProperty("guest").GetString()} {guest.GetProperty("step").GetInt32()}"));
        using var app = JsonDocument.Parse((await Ran.With(agent.Files, "app", "status", "shop", "--json")).Out);
        Assert.Equal("starting", app.RootElement.GetProperty("applications")[0].GetProperty("state").GetString());
        var none = await Ran.With(agent.Files, "app", "status", "shed");
        Assert.Equal((1, "mainstay: There is no application shed; there are: shop\n"), (none.Exit, none.Error));
    }

    [Theory]
    [InlineData(
        "/v1/requests/order",
        """{"guest":"web","after":"logic","gate":"delay","delay_seconds":30,"limit_seconds":120,"then":"hold"}""",
        "order", "web", "--after", "logic", "--gate", "delay=30s", "--limit", "2m", "--then", "hold")]
    [InlineData(
        "/v1/requests/order",
        """{"guest":"web","after":"db","gate":"started","delay_seconds":0,"limit_seconds":300,"then":"continue"}""",
        "order", "web", "--after", "db")]
    [InlineData("/v1/requests/order-remove", """{"guest":"web","after":"db"}""", "order", "web", "--not-after", "db")]
    [InlineData("/v1/requests/app-set", """{"name":"shop","guests":["db","web"]}""", "app", "set", "shop", "db", "web")]
    [InlineData("/v1/requests/app", """{"name":"shop","act":"stop","host":null,"override":""}""", "app", "stop", "shop")]
    [InlineData("/v1/requests/app", """{"name":"shop","act":"move","host":"n3","override":""}""", "app", "move", "shop", "n3")]
    [InlineData(
        "/v1/requests/app", """{"name":"shop","act":"start","host":null,"override":"sale"}""",
        "app", "start", "shop", "--override", "sale")]
    public async Task Words_become_a_request(string path, string body, params string[] args)
    {
        await using var agent = new FakeAgent().On(path, Accepted);
        var ran = await Ran.With(agent.Files, args);
        Assert.Equal((0, "written\n", ""), (ran.Exit, ran.Out, ran.Error));
        Assert.Equal(($"POST {path} HTTP/1.1", body), Assert.Single(agent.Asked));
    }

    [Theory]
    [InlineData("is no gate. Give started, agent or delay=TIME", "order", "web", "--after", "db", "--gate", "soon")]
    [InlineData("is no gate", "order", "web", "--after", "db", "--gate", "probe")]
    [InlineData("Say either --after OTHER or --not-after OTHER", "order", "web")]
    [InlineData("Say either --after OTHER or --not-after OTHER", "order", "web", "--after", "db", "--not-after", "db")]
    [InlineData("Which guest?", "order", "--after", "db")]
    [InlineData("--not-after takes no --gate", "order", "web", "--not-after", "db", "--limit", "2m")]
    public async Task What_cannot_be_meant_is_refused_with_what_to_do(string why, params string[] args)
    {
        var ran = await Ran.With(Ran.Nowhere, args);
        Assert.Equal(2, ran.Exit);
        Assert.Contains(why, ran.Error, StringComparison.Ordinal);
    }

    private static GuestStatus Guest(string name) => new()
    {
        Name = name, Uuid = "f2d1", State = "running", Host = "n2", Epoch = 3, Phase = "claimed", Desired = "running",
        DesiredBy = "anna protected it", Standing = StandingKind.Protected, MemoryMiB = 1024, Application = "shop", Tier = 2,
    };

    private static DependencyStatus After(string on, string gate, string then, bool open, string why) =>
        new() { On = on, Gate = gate, LimitSeconds = 300, Then = then, Open = open, Why = why };
}
