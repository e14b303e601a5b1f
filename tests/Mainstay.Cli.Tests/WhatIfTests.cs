using System.Text.Json;
using Mainstay.Contracts.Api;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Xunit;

namespace Mainstay.Cli.Tests;

/// <summary>Room, and what would follow from a loss: decided by the program itself on a snapshot.</summary>
public sealed class WhatIfTests : IDisposable
{
    private const int GiB = 1024;

    private readonly string folder = Directory.CreateTempSubdirectory("mainstay-what-if-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_loss_is_told_guest_by_guest()
    {
        await using var agent = Agent();
        var ran = await Ran.With(agent.Files, "what-if", "--fail", "n1");
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "what-if-fail.txt"), ran.Out);
        ran = await Ran.With(agent.Files, "what-if", "--fail", "n1,n2", "--check");
        Assert.Equal((1, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "what-if-fail-two.txt"), ran.Out);
    }

    [Theory]
    [InlineData("survived", "--maintenance", "n2")]
    [InlineData("survived", "--remove-host", "n3")]
    [InlineData("survived", "--add-guest", "memory=1G")]
    [InlineData("not_survived", "--add-guest", "memory=64G")]
    public async Task Every_question_has_a_verdict(string verdict, params string[] args)
    {
        await using var agent = Agent();
        var ran = await Ran.With(agent.Files, ["what-if", "--json", .. args]);
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        using var document = JsonDocument.Parse(ran.Out);
        Assert.Equal(verdict, document.RootElement.GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("What if what?", "what-if")]
    [InlineData("What if what?", "what-if", "--fail", "n1", "--maintenance", "n2")]
    [InlineData("there is no host named n9; hosts: n1, n2, n3", "what-if", "--fail", "n9")]
    [InlineData("'8G' is no guest", "what-if", "--add-guest", "8G")]
    [InlineData("'memory=much' is no guest", "what-if", "--add-guest", "memory=much")]
    [InlineData("'4': give 0 to 3", "capacity", "--losses", "4")]
    public async Task What_makes_no_sense_is_said(string wrong, params string[] args)
    {
        await using var agent = Agent();
        var ran = await Ran.With(agent.Files, args);
        Assert.Equal((2, ""), (ran.Exit, ran.Out));
        Assert.Contains(wrong, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_asked_without_an_agent_and_holds_no_secrets()
    {
        var file = Path.Combine(folder, "east.json");
        await using (var agent = Agent())
        {
            var taken = await Ran.With(agent.Files, "snapshot", file);
            Assert.Equal((0, ""), (taken.Exit, taken.Error));
            Assert.Contains("entries of cluster east", taken.Out, StringComparison.Ordinal);
        }

        var written = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("hunter2", written, StringComparison.Ordinal);
        var ran = await Ran.With(Ran.Nowhere, "what-if", "--snapshot", file, "--fail", "n1");
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "what-if-fail.txt"), ran.Out);
    }

    [Theory]
    [InlineData("{", "is no snapshot")]
    [InlineData("""{"kind":"status"}""", "is no snapshot")]
    [InlineData(null, "cannot be read")]
    public async Task A_file_that_is_no_snapshot_is_named(string? content, string wrong)
    {
        var file = Path.Combine(folder, "other.json");
        if (content is not null)
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        var ran = await Ran.With(Ran.Nowhere, "what-if", "--snapshot", file, "--fail", "n1");
        Assert.Equal((2, ""), (ran.Exit, ran.Out));
        Assert.Contains(file, ran.Error, StringComparison.Ordinal);
        Assert.Contains(wrong, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capacity_shows_every_loss()
    {
        await using var agent = Agent();
        var ran = await Ran.With(agent.Files, "capacity");
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "capacity.txt"), ran.Out);
        await using var full = Agent(("big", 7, 3));
        ran = await Ran.With(full.Files, "capacity", "--check");
        Assert.Equal((1, ""), (ran.Exit, ran.Error));
        Golden.Matches(Path.Combine(Golden.Here, "Golden", "capacity-red.txt"), ran.Out);
    }

    private static FakeAgent Agent(params (string Name, int Gib, int Host)[] more) => new FakeAgent().On(
        ApiPaths.Snapshot, Samples.Snapshot(View([("web", 2, 1), ("db", 3, 1), ("mail", 4, 2), .. more])));

    /// <summary>Three hosts of 8 GiB that are online; the first keeps a lease and has a power controller.</summary>
    private static ClusterView View(params (string Name, int Gib, int Host)[] guests)
    {
        var view = ClusterView.Empty
            .With(new StoreEntry(new StoreKey.Cluster(), new ClusterSettings("east", "id", 1, TimingProfile.Balanced, true, ""), 1));
        for (var i = 1; i <= 3; i++)
        {
            var (host, session) = (new HostId($"n{i}"), new SessionId((ulong)i));
            ValueList<FenceMethod> methods =
                i == 1 ? [new FenceMethod("bmc", "fence_ipmilan", [new FenceOption("password", "hunter2", true)])] : [];
            var terms = new LeaseTerms(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3));
            view = view
                .With(new StoreEntry(new StoreKey.Host(host), new HostConfig(i, ["a"], 7780, methods, false), 1))
                .With(new StoreEntry(
                    new StoreKey.Session(host),
                    new SessionRecord(session, new BootId("b"), SessionState.Online) { Lease = i == 1 ? new LeasePromise(terms, 1) : null },
                    1))
                .With(new StoreEntry(new StoreKey.Load(host), new HostLoad(session, 8 * GiB, 0, 0, true), 1));
        }

        foreach (var (name, gib, at) in guests)
        {
            var owner = new HostSession(new HostId($"n{at}"), new SessionId((ulong)at));
            var own = new OwnershipRecord(new Epoch(1), new OwnershipPhase.Claimed(owner), "test", []);
            var spec = new GroupSpec(
                name, "<graphics passwd='hunter2'/>", gib * GiB, DesiredState.Running, "test", false, GuestShutdownPolicy.StayDown, false,
                null);
            view = view
                .With(new StoreEntry(new StoreKey.Group(new GroupId(name)), spec, 1))
                .With(new StoreEntry(new StoreKey.Ownership(new GroupId(name)), own, 1));
        }

        return view;
    }
}
