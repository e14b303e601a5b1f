using System.Text.Json;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Xunit;

namespace Mainstay.Cli.Tests;

/// <summary>Moves for balance: proposed by the program on a snapshot, asked for one by one, ended by the first refusal.</summary>
public sealed class BalanceTests
{
    private const int GiB = 1024;

    [Fact]
    public async Task A_dry_run_lists_the_moves_with_their_gain()
    {
        await using var agent = Agent();
        var ran = await Ran.With(agent.Files, "balance", "--dry-run");
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "balance.txt"), ran.Out);
    }

    [Fact]
    public async Task Without_yes_nothing_is_asked_of_the_cluster()
    {
        await using var agent = Agent();
        var ran = await Ran.With(agent.Files, "balance", "--json");
        Assert.Equal(1, ran.Exit);
        Assert.Contains("nothing was moved", ran.Error, StringComparison.Ordinal);
        Assert.All(agent.Asked, asked => Assert.StartsWith("GET", asked.Line, StringComparison.Ordinal));
        using var document = JsonDocument.Parse(ran.Out);
        Assert.Equal("proposed", document.RootElement.GetProperty("moves")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task With_yes_each_move_is_asked_for_when_the_one_before_is_done()
    {
        await using var agent = Agent()
            .On(ApiPaths.Status, Status(("a", "n1", 1), ("b", "n1", 1)))
            .On(ApiPaths.Status, Status(("a", "n2", 3), ("b", "n1", 1)))
            .On(ApiPaths.Status, Status(("a", "n2", 3), ("b", "n1", 1)))
            .On(ApiPaths.Status, Status(("a", "n2", 3), ("b", "n3", 3)))
            .On(ApiPaths.Move, Samples.Reply(RequestOutcome.Accepted, "written"));
        var ran = await Ran.With(agent.Files, "balance", "--yes");
        Assert.Equal(0, ran.Exit);
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "balance-done.txt"), ran.Out);
        Assert.Contains("1 of 2: a from n1 to n2", ran.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["""{"guest":"a","host":"n2","override":""}""", """{"guest":"b","host":"n3","override":""}"""],
            agent.Asked.Where(asked => asked.Line.StartsWith("POST", StringComparison.Ordinal)).Select(asked => asked.Body));
    }

    [Fact]
    public async Task The_first_refusal_ends_it()
    {
        await using var agent = Agent()
            .On(ApiPaths.Status, Status(("a", "n1", 1), ("b", "n1", 1)))
            .On(ApiPaths.Move, Samples.Reply(RequestOutcome.Refused, "the cluster is disarmed"), 409);
        var ran = await Ran.With(agent.Files, "balance", "--yes", "--json");
        Assert.Equal(1, ran.Exit);
        Assert.Contains("the cluster is disarmed", ran.Error, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(ran.Out);
        Assert.Equal(
            ["refused", "not_asked"],
            document.RootElement.GetProperty("moves").EnumerateArray().Select(move => move.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task A_guest_that_is_elsewhere_by_now_is_not_moved()
    {
        await using var agent = Agent().On(ApiPaths.Status, Status(("a", "n3", 2), ("b", "n1", 1)));
        var ran = await Ran.With(agent.Files, "balance", "--yes");
        Assert.Equal(1, ran.Exit);
        Assert.Contains("not running on n1 any more", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(agent.Asked, asked => asked.Line.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("'0': give 1 to 50", "balance", "--moves", "0")]
    [InlineData("leave one out", "balance", "--yes", "--dry-run")]
    public async Task What_makes_no_sense_is_said(string wrong, params string[] args)
    {
        await using var agent = Agent();
        var ran = await Ran.With(agent.Files, args);
        Assert.Equal((2, ""), (ran.Exit, ran.Out));
        Assert.Contains(wrong, ran.Error, StringComparison.Ordinal);
    }

    private static string Status(params (string Name, string Host, long Epoch)[] guests) => Samples.Status(Samples.Night with
    {
        Guests = [.. guests.Select(g => Samples.WithGuest("running", g.Host, g.Epoch).Guests[0] with { Name = g.Name })],
    });

    private static FakeAgent Agent() => new FakeAgent().On(ApiPaths.Snapshot, Samples.Snapshot(View()));

    /// <summary>Three hosts of 8 GiB, three guests on the first.</summary>
    private static ClusterView View()
    {
        var view = ClusterView.Empty
            .With(new StoreEntry(new StoreKey.Cluster(), new ClusterSettings("east", "id", 1, TimingProfile.Balanced, true, ""), 1));
        for (var i = 1; i <= 3; i++)
        {
            var (host, session) = (new HostId($"n{i}"), new SessionId((ulong)i));
            view = view
                .With(new StoreEntry(new StoreKey.Host(host), new HostConfig(i, ["a"], 7780, [], false), 1))
                .With(new StoreEntry(new StoreKey.Session(host), new SessionRecord(session, new BootId("b"), SessionState.Online), 1))
                .With(new StoreEntry(new StoreKey.Load(host), new HostLoad(session, 8 * GiB, 0, i == 1 ? 60 : 5, true), 1));
        }

        foreach (var name in new[] { "a", "b", "c" })
        {
            var owner = new HostSession(new HostId("n1"), new SessionId(1));
            view = view
                .With(new StoreEntry(
                    new StoreKey.Group(new GroupId(name)),
                    new GroupSpec("u", "<domain/>", 2 * GiB, DesiredState.Running, "anna", false, default, false, null),
                    1))
                .With(new StoreEntry(
                    new StoreKey.Ownership(new GroupId(name)),
                    new OwnershipRecord(new Epoch(1), new OwnershipPhase.Claimed(owner), "test", []) { HasRun = true },
                    1));
        }

        return view;
    }
}
