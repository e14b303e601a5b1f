using Mainstay.Agent.Api;
using Mainstay.Contracts.Api;

namespace Mainstay.Agent.Tests.Api;

/// <summary>How an application is, by its guests.</summary>
public sealed class OrderStatesTests
{
    [Theory]
    [InlineData("running", null, "running", "running", "running")]
    [InlineData("degraded", "2 of 3 run; c is waiting", "running", "running", "waiting")]
    [InlineData("starting", "1 of 3 run; b is starting: after a", "running", "starting", "waiting")]
    [InlineData("down", "0 of 3 run; a is waiting", "waiting", "waiting", "waiting")]
    [InlineData("stopped", null, "stopped", "stopped", "stopped")]
    [InlineData("stopping", "1 of 3 run", "stopped", "stopped", "running-to-stop")]
    [InlineData("degraded", "2 of 3 run", "running", "running", "stopped")]
    public void Its_state_follows_from_its_guests(string state, string? why, params string[] guests)
    {
        var app = Assert.Single(OrderStates.Applications([.. guests.Select((word, i) => Guest($"{(char)('a' + i)}", word))]));

        Assert.Equal(("shop", state), (app.Name, app.State));
        if (why is null)
            Assert.Null(app.Why);
        else
            Assert.StartsWith(why, app.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_says_what_is_waited_for_and_what_is_not()
    {
        var guest = Guest("web", "starting") with
        {
            After =
            [
                new DependencyStatus
                {
                    On = "db", Gate = "delay", DelaySeconds = 30, LimitSeconds = 120, Then = "hold", Open = false, Why = "db has not run",
                },
            ],
        };

        Assert.Equal(
            ["Its start waits: after a", "After db (delay=30s), at most 2m, then it is held: db has not run"], OrderStates.Explain(guest));
    }

    private static GuestStatus Guest(string name, string word) => new()
    {
        Name = name, Uuid = name, State = word == "running-to-stop" ? "running" : word, Host = "n1", Epoch = 1, Phase = "claimed",
        Desired = word is "stopped" or "running-to-stop" ? "stopped" : "running", DesiredBy = "test",
        Standing = StandingKind.Protected, MemoryMiB = 1024, Application = "shop", Waits = word == "starting" ? "after a" : null,
    };
}
