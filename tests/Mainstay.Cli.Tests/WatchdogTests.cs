using Mainstay.Contracts.Api;
using Xunit;

namespace Mainstay.Cli.Tests;

/// <summary>The watchdogs as people see them, and the measurement that resets a host only when somebody wants it.</summary>
public sealed class WatchdogTests
{
    private const string Accepted = """{"outcome":"accepted","text":"it is fed no more","items":[]}""";

    private static readonly WatchdogStatus Good = new()
    {
        Device = "/dev/watchdog", Driver = "iTCO_wdt", Timeout = 3, NoWayOut = true, Holder = "mainstay-beacon", ResetSeconds = 3.84,
        Measured = new()
        {
            At = Samples.Now.AddDays(-3), Device = "/dev/watchdog", Driver = "iTCO_wdt", Timeout = 3, AtLeastSeconds = 3.0,
            ResetSeconds = 3.2, By = ["n2", "n3"], Kernel = "6.1", Firmware = "2.4",
        },
    };

    [Fact]
    public async Task Status_shows_each_host_with_what_is_wrong()
    {
        var reply = Reply(
            Good,
            Good with { Stale = "it was measured under Linux 6.1, and this is 6.2", NoWayOut = false },
            new() { Device = "/dev/watchdog", Driver = "iTCO_wdt", Timeout = 30, Holder = "systemd" },
            new());
        await using var agent = new FakeAgent().On(ApiPaths.Watchdog, Samples.Json(reply, ApiJson.Default.WatchdogReply));
        var ran = await Ran.With(agent.Files, "watchdog", "status");
        Assert.Equal((1, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "watchdog-status.txt"), ran.Out);

        var whole = Samples.Json(Reply(Good), ApiJson.Default.WatchdogReply);
        await using var calm = new FakeAgent().On(ApiPaths.Watchdog, whole);
        Assert.Equal(0, (await Ran.With(calm.Files, "watchdog", "status")).Exit);
        Assert.Equal(whole, (await Ran.With(calm.Files, "watchdog", "status", "--json")).Out.Trim());
    }

    [Fact]
    public async Task Nothing_is_reset_without_a_word()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Watchdog, Samples.Json(Reply(Good), ApiJson.Default.WatchdogReply));
        var ran = await Ran.With(agent.Files, "watchdog", "measure");
        Assert.Equal(2, ran.Exit);
        Assert.Contains("the machine is RESET", ran.Error, StringComparison.Ordinal);
        Assert.Contains("add: --yes", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(agent.Asked, asked => asked.Line.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_is_shown_and_a_watchdog_that_does_nothing_is_an_error()
    {
        await using var agent = new FakeAgent()
            .On(ApiPaths.Watchdog, Samples.Json(Reply(Good), ApiJson.Default.WatchdogReply))
            .On(ApiPaths.WatchdogMeasure, """{"outcome":"refused","text":"n1 is not in maintenance","items":[]}""");
        var refused = await Ran.With(agent.Files, "watchdog", "measure", "--yes");
        Assert.Equal(1, refused.Exit);
        Assert.Contains("refused: n1 is not in maintenance", refused.Error, StringComparison.Ordinal);

        await using var broken = new FakeAgent()
            .On(ApiPaths.Watchdog, Samples.Json(Reply(Good), ApiJson.Default.WatchdogReply))
            .On(ApiPaths.Watchdog, Samples.Json(Reply(Good with { UnfedSeconds = 2.5 }), ApiJson.Default.WatchdogReply))
            .On(ApiPaths.Watchdog, Samples.Json(Reply(Good with { Failed = "it is of no use" }), ApiJson.Default.WatchdogReply))
            .On(ApiPaths.WatchdogMeasure, Accepted);
        var failed = await Ran.With(broken.Files, "watchdog", "measure", "--yes", "--timeout-seconds", "5", "--json");
        Assert.Equal(1, failed.Exit);
        Assert.Contains("not fed for 2.5 s", failed.Error, StringComparison.Ordinal);
        Assert.Equal("""{"error":"not_reset","text":"it is of no use."}""", failed.Out.Trim());
        Assert.Contains(broken.Asked, asked => asked.Body == """{"device":null,"timeout":5}""");
    }

    private static WatchdogReply Reply(params WatchdogStatus[] hosts) => new()
    {
        Self = "n1",
        Hosts = [.. hosts.Select((one, index) => new HostWatchdog { Host = $"n{index + 1}", Watchdog = one })],
        Unheard = [],
    };
}
