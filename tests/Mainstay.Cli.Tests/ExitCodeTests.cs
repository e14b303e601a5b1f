using System.Text.Json;
using Mainstay.Contracts.Api;
using Xunit;

namespace Mainstay.Cli.Tests;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("statsu")]
    [InlineData("status", "--jsn")]
    [InlineData("status", "--timeout", "soon")]
    [InlineData("profile", "fast")]
    [InlineData("protect")]
    [InlineData("protect", "web", "--all")]
    [InlineData("move", "web", "n1", "--to", "n2")]
    [InlineData("fence")]
    [InlineData("fence", "set", "n1", "--agent", "fence_dummy", "--option", "ip")]
    [InlineData("fence", "set", "n1", "--agent", "fence_dummy", "--option", "a=1", "--option", "a=2")]
    [InlineData("fence", "set", "n1", "--agent", "fence_dummy", "--option", "password=@/nonexistent/file")]
    [InlineData("confirm-dead", "n1")]
    [InlineData("confirm-dead", "n1", "--reason", "dark")]
    [InlineData("confirm-dead", "n1", "--reason", "dark", "--yes-it-is-dead", "n2")]
    [InlineData("events", "--since", "yesterday")]
    [InlineData("events", "--last", "0")]
    [InlineData("simulate", "fuzz", "--seeds", "0")]
    [InlineData("simulate", "run", "/nonexistent/file")]
    [InlineData()]
    public async Task Bad_input_is_2_and_says_what_to_do(params string[] args)
    {
        var ran = await Ran.With(Ran.Nowhere, args);
        Assert.Equal(2, ran.Exit);
        Assert.Empty(ran.Out);
        Assert.NotEmpty(ran.Error);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("events")]
    [InlineData("events", "-f")]
    [InlineData("explain", "web")]
    [InlineData("protect", "--all")]
    [InlineData("start", "web", "--wait")]
    [InlineData("fence", "list")]
    public async Task No_agent_is_3(params string[] args)
    {
        var ran = await Ran.With(Ran.Nowhere, args);
        Assert.Equal((3, ""), (ran.Exit, ran.Out));
        Assert.Contains("/nonexistent/mainstay/run/mainstay/agent.sock", ran.Error, StringComparison.Ordinal);
        Assert.Contains("systemctl start mainstay-agent", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_is_silent_is_3_within_the_limit()
    {
        await using var agent = new FakeAgent().On(ApiPaths.Status, body: null);
        var ran = await Ran.With(agent.Files, "status", "--timeout", "200ms");
        Assert.Equal(3, ran.Exit);
        Assert.Contains("0.2s", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "malformed", 2)]
    [InlineData(404, "not_found", 1)]
    [InlineData(409, "refused", 1)]
    [InlineData(503, "not_a_member", 1)]
    [InlineData(504, "timeout", 3)]
    public async Task An_error_of_the_agent_is_shown_and_mapped(int status, string error, int exit)
    {
        await using var agent = new FakeAgent().On(ApiPaths.Status, $$"""{"error":"{{error}}","text":"do this"}""", status);
        var ran = await Ran.With(agent.Files, "status", "--json");
        Assert.Equal((exit, "mainstay: do this\n"), (ran.Exit, ran.Error));
        using var document = JsonDocument.Parse(ran.Out);
        Assert.Equal(error, document.RootElement.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("")]
    [InlineData("{\"cluster\":1}")]
    public async Task An_answer_that_cannot_be_read_is_1(string body)
    {
        await using var agent = new FakeAgent().On(ApiPaths.Status, body);
        var ran = await Ran.With(agent.Files, "status");
        Assert.Equal((1, ""), (ran.Exit, ran.Out));
        Assert.Contains("could not be read", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RequestOutcome.Accepted, 200, 0)]
    [InlineData(RequestOutcome.Refused, 409, 1)]
    [InlineData(RequestOutcome.Unknown, 504, 3)]
    public async Task A_request_is_mapped_by_its_outcome(RequestOutcome outcome, int status, int exit)
    {
        await using var agent = new FakeAgent().On(ApiPaths.Arm, Samples.Reply(outcome, "so it is"), status);
        var people = await Ran.With(agent.Files, "arm");
        Assert.Equal(exit, people.Exit);
        Assert.Contains("so it is", exit == 0 ? people.Out : people.Error, StringComparison.Ordinal);
        var program = await Ran.With(agent.Files, "arm", "--json");
        Assert.Equal(exit, program.Exit);
        using var document = JsonDocument.Parse(program.Out);
        Assert.Equal("so it is", document.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Status_check_is_1_when_something_needs_a_person()
    {
        var well = Samples.Night with { Hosts = [Samples.Night.Hosts[1]], Guests = [Samples.Night.Guests[2]] };
        await using var agent = new FakeAgent().On(ApiPaths.Status, Samples.Status(Samples.Night)).On(ApiPaths.Status, Samples.Status(well));
        Assert.Equal(1, (await Ran.With(agent.Files, "status", "--check")).Exit);
        Assert.Equal(0, (await Ran.With(agent.Files, "status", "--check")).Exit);
    }

    [Fact]
    public async Task Bad_input_with_json_is_still_one_document()
    {
        var ran = await Ran.With(Ran.Nowhere, "profile", "fast", "--json");
        using var document = JsonDocument.Parse(ran.Out);
        Assert.Equal((2, "usage"), (ran.Exit, document.RootElement.GetProperty("error").GetString()));
    }
}
