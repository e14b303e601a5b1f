using Mainstay.Lab.Soak;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>A slice of 'mainstay lab soak': random faults, and every promise kept.</summary>
[Collection("cluster")]
public sealed class SoakTests(ClusterLab cluster)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    [Fact]
    public Task Random_faults_break_no_promise() => cluster.Play(async stage =>
    {
        const ulong seed = 1;
        var tally = new SoakTally(seed);
        await using var soak = new SoakRun(
            stage.Lab, stage.Guests, seed, tally, line => TestContext.Current.TestOutputHelper?.WriteLine(line));
        await soak.Play(Length, stage.Cancel);
        var report = tally.Report;
        Assert.Empty(report.Violations);
        Assert.True(report.Rounds > 0);
        Assert.NotNull(report.Whole);
    });

    [Fact]
    public void What_a_harmless_fault_brings_about_is_found()
    {
        SoakFault harmless = new(SoakKind.KillAgent, "n1", TimeSpan.Zero, CutDirection.In);
        SoakFault deadly = new(SoakKind.Kill, "n1", TimeSpan.Zero, CutDirection.In);
        var fenced = Entry("HostFenced", ("host", "n1"));
        Assert.Single(SoakJudge.NeedlessMoves([harmless], [fenced, Entry("AgentResumed", ("host", "n1"))]));
        Assert.Empty(SoakJudge.NeedlessMoves([deadly], [fenced]));
        Assert.Empty(SoakJudge.NeedlessMoves([harmless, deadly], [fenced]));
        Assert.Single(SoakJudge.ProofsFromNothing(deadly, leases: false, [fenced, Entry("HostFenced", ("host", "n2"))]));
        var leased = Entry("HostFenced", ("host", "n1"), ("proof", "lease"));
        Assert.Single(SoakJudge.ProofsFromNothing(deadly, leases: false, [leased]));
        Assert.Empty(SoakJudge.ProofsFromNothing(deadly, leases: true, [leased]));
        Assert.Single(SoakJudge.ProofsFromNothing(deadly, leases: true, [fenced]));
        Assert.Single(SoakJudge.NeedlessResets([harmless], 1));
        Assert.Empty(SoakJudge.NeedlessResets([harmless], 0));
        Assert.Empty(SoakJudge.NeedlessResets([deadly], 1));
        Contracts.Api.EventEntry[] started =
            [Entry("GuestStarted", ("group", "web"), ("host", "n2")), Entry("GuestStarted", ("group", "db"), ("host", "n1"))];
        Assert.NotNull(SoakJudge.AllElsewhere(["web"], "n1", started));
        Assert.Null(SoakJudge.AllElsewhere(["web", "db"], "n1", started));
    }

    private static Contracts.Api.EventEntry Entry(string fact, params (string Name, string Value)[] fields) => new()
    {
        Seq = 1, Time = default, MonotonicMs = 0, Host = "n2", Fact = fact, Text = fact,
        Fields = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal),
    };
}
