using System.Diagnostics;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Store.Etcd;
using Xunit;

namespace Mainstay.Contract.Tests.Store;

/// <summary>Three members with TLS, and what kills, hangs or cuts them off.</summary>
public sealed class EtcdFaultTests(ThreeEtcds etcds, ITestOutputHelper output) : IClassFixture<ThreeEtcds>
{
    private static int runs;
    private readonly string prefix = $"/mainstay/fault-{Interlocked.Increment(ref runs)}/";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EtcdHosts Hosts => etcds.Hosts;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_the_leader_is_killed_writes_go_on_and_the_watch_has_no_gap(bool localIsLeader)
    {
        var (leader, others) = await Roles();
        int[] order = localIsLeader ? [leader, .. others] : [others[0], leader, others[1]];
        await using var store = Hosts.Connect(prefix, order);
        await using var watch = new WatchLog(store);
        await watch.Next<StoreNews.Loaded>();
        var writer = new Writer(store, "a");
        await writer.Write(20, Cancel);

        var writing = writer.Write(300, Cancel);
        Hosts.Kill(leader);
        var gap = Stopwatch.StartNew();
        var before = writer.Written.Count;
        while (writer.Written.Count <= before + 1)
            await Task.Delay(1, Cancel);
        output.WriteLine($"leader killed, local {(localIsLeader ? "is the leader" : "follows")}: write after {gap.ElapsedMilliseconds} ms, "
            + $"{writer.Unknowns} unknown, {writer.LastWhy}");
        Assert.True(gap.Elapsed < TimeSpan.FromSeconds(4), $"first write after {gap.Elapsed}");
        await writing;
        Assert.Equal(writer.Written, await watch.Changes(writer.Written.Count));
        await Revive(leader);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hung_member_is_left_within_about_a_second(bool leaderHangs)
    {
        var (leader, others) = await Roles();
        var hung = leaderHangs ? leader : others[0];
        await using var store = Hosts.Connect(prefix, [hung, .. Enumerable.Range(0, 3).Where(i => i != hung)]);
        await using var watch = new WatchLog(store);
        await watch.Next<StoreNews.Loaded>();
        var writer = new Writer(store, "a");
        await writer.Write(5, Cancel);
        Hosts.Pause(hung);
        try
        {
            var gap = Stopwatch.StartNew();
            await writer.Write(1, Cancel);
            output.WriteLine($"{(leaderHangs ? "leader" : "follower")} hangs: write after {gap.ElapsedMilliseconds} ms, {writer.LastWhy}");
            Assert.True(gap.Elapsed < TimeSpan.FromSeconds(4), $"first write after {gap.Elapsed}");
            await writer.Write(20, Cancel);
            Assert.Equal(writer.Written, await watch.Changes(writer.Written.Count));
        }
        finally
        {
            Hosts.Continue(hung);
        }
        await Until(() => Task.FromResult(store.CurrentEndpoint == Hosts.Endpoints[hung]), "the local member is preferred again");
    }

    [Fact]
    public async Task Without_a_majority_nothing_is_answered_and_its_return_is_noticed()
    {
        var (leader, others) = await Roles();
        await using var store = Hosts.Connect(prefix, others[0], others[1], leader);
        await using var watch = new WatchLog(store);
        await watch.Next<StoreNews.Loaded>();
        await watch.Next<StoreNews.Reachable>();
        var writer = new Writer(store, "a");
        await writer.Write(3, Cancel);
        Hosts.Pause(leader);
        Hosts.Pause(others[1]);
        var time = Stopwatch.StartNew();
        try
        {
            Assert.IsType<RawOutcome.Unknown>(await store.Commit(new([new("b", 0)], [new("b", new byte[1])]), Cancel));
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(2), $"unknown after {time.Elapsed}");
            await watch.Next<StoreNews.Unreachable>();
            output.WriteLine($"loss of the majority noticed after {time.ElapsedMilliseconds} ms");
        }
        finally
        {
            Hosts.Continue(leader);
            Hosts.Continue(others[1]);
        }
        time.Restart();
        await watch.Next<StoreNews.Reachable>();
        output.WriteLine($"return of the majority noticed after {time.ElapsedMilliseconds} ms");
        await writer.Write(3, Cancel);
    }

    [Fact]
    public async Task A_refused_connection_costs_no_unknown_outcome()
    {
        var (_, others) = await Roles();
        var nobody = new Uri($"https://127.0.0.1:{EtcdHosts.FreePort()}");
        await using var store = new EtcdStore(
            new EtcdStoreOptions { Endpoints = [nobody, Hosts.Endpoints[others[0]]], Prefix = prefix, Tls = Hosts.Tls });
        Assert.IsType<RawOutcome.Applied>(await store.Commit(new([new("a", 0)], [new("a", new byte[1])]), Cancel));
        Assert.Equal(Hosts.Endpoints[others[0]], store.CurrentEndpoint);
    }

    [Fact]
    public async Task A_client_of_another_authority_is_kept_out_and_told_why()
    {
        await using var elsewhere = new EtcdHosts(tls: true);
        await using var store = new EtcdStore(new EtcdStoreOptions { Endpoints = Hosts.Endpoints, Prefix = prefix, Tls = elsewhere.Tls });
        var outcome = Assert.IsType<RawOutcome.Unknown>(await store.Commit(new([new("a", 0)], [new("a", new byte[1])]), Cancel));
        Assert.Contains("TLS", outcome.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_healthy_cluster_answers_in_milliseconds()
    {
        var (_, others) = await Roles();
        await using var store = Hosts.Connect(prefix, others[0]);
        var writer = new Writer(store, "a");
        await writer.Write(100, Cancel);
        writer.Milliseconds.Clear();
        await writer.Write(500, Cancel);
        var reads = new List<double>();
        for (var i = 0; i < 500; i++)
        {
            var time = Stopwatch.StartNew();
            Assert.IsType<Observed<RawSnapshot>.Known>(await store.Read(["a"], Cancel));
            reads.Add(time.Elapsed.TotalMilliseconds);
        }
        output.WriteLine($"grown to three voters in {etcds.GrownIn.TotalSeconds:f1} s");
        output.WriteLine($"write {Percentiles(writer.Milliseconds)}, read {Percentiles(reads)}");
        Assert.Equal(0, writer.Unknowns);
    }

    private static string Percentiles(List<double> times)
    {
        times.Sort();
        return $"p50 {times[times.Count / 2]:f1} ms, p99 {times[times.Count * 99 / 100]:f1} ms, max {times[^1]:f1} ms";
    }

    private async Task<(int Leader, int[] Others)> Roles()
    {
        var leader = await Hosts.Leader();
        return (leader, [.. Enumerable.Range(0, 3).Where(i => i != leader)]);
    }

    private async Task Revive(int index)
    {
        Hosts.AssertDone(await Hosts[index].Resume(Cancel));
        await using var cluster = new EtcdCluster([Hosts.Endpoints[index]], Hosts.Tls);
        await Until(() => cluster.HasQuorum(Cancel), "the member serves again");
    }

    private static async Task Until(Func<Task<bool>> condition, string what)
    {
        var time = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), what);
            await Task.Delay(20, Cancel);
        }
    }
}
