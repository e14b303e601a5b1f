using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mainstay.Engine.Ports;
using Mainstay.Store.Etcd;
using Xunit;

namespace Mainstay.Contract.Tests.Store;

/// <summary>The life of the member that each host runs.</summary>
public sealed class EtcdMemberTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_outlives_its_agent_and_the_next_agent_takes_it_over()
    {
        await using var hosts = await EtcdHosts.Start(1, tls: true);
        var pid = hosts[0].Pid;
        var next = new EtcdMember(hosts.OptionsOf(0));
        Assert.True(next.WasSetUp);
        hosts.AssertDone(await next.Resume(Cancel));
        Assert.Equal(pid, next.Pid);
        // The start of a first member, asked again after a crash in the middle, ends in the same place.
        hosts.AssertDone(await new EtcdMember(hosts.OptionsOf(0)).StartNew(Cancel));

        // Without its note the running member is found by its ports.
        File.Delete(Path.Combine(hosts.OptionsOf(0).RunDirectory, "etcd.pid"));
        var third = new EtcdMember(hosts.OptionsOf(0));
        hosts.AssertDone(await third.Resume(Cancel));
        Assert.Equal(pid, third.Pid);
    }

    [Fact]
    public async Task A_member_that_dies_is_started_again_with_its_data()
    {
        await using var hosts = await EtcdHosts.Start(1, tls: false);
        await using var store = hosts.Connect("/mainstay/x/");
        Assert.IsType<RawOutcome.Applied>(await store.Commit(new([new("a", 0)], [new("a", new byte[1])]), Cancel));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var news = hosts[0].Supervise(stop.Token).GetAsyncEnumerator(Cancel);
        Assert.True(await news.MoveNextAsync());
        var first = Assert.IsType<EtcdMemberNews.Adopted>(news.Current).Pid;
        hosts.Kill(0);
        Assert.True(await news.MoveNextAsync());
        Assert.IsType<EtcdMemberNews.Died>(news.Current);
        Assert.True(await news.MoveNextAsync());
        Assert.NotEqual(first, Assert.IsType<EtcdMemberNews.Started>(news.Current).Pid);
        var writer = new Writer(store, "b");
        await writer.Write(1, Cancel);
        await stop.CancelAsync();
        Assert.False(await news.MoveNextAsync());
        Assert.NotNull(hosts[0].Pid);
    }

    [Fact]
    public async Task A_join_cut_short_is_taken_up_again_and_lost_data_are_replaced()
    {
        await using var hosts = await EtcdHosts.Start(1, tls: true);
        await using var cluster = new EtcdCluster(hosts.Endpoints, hosts.Tls);
        var options = hosts.NewOptions("h2");
        var (added, id, _) = await cluster.AddLearner("h2", options.PeerEndpoints, TimeSpan.FromSeconds(10), Cancel);
        hosts.AssertDone(added);
        // The agent died here. Its next life uses the entry.
        var member = hosts.Add(options);
        hosts.AssertDone(await member.JoinAsLearner(cluster, Cancel));
        Assert.Equal(id, (await hosts.Members(cluster)).Single(one => one.Name == "h2").Id);
        Assert.False(member.IsBlank);
        hosts.AssertDone(await member.JoinAsLearner(cluster, Cancel));

        Assert.True(await member.Discard(Cancel));
        Assert.True(member.IsBlank);
        hosts.AssertDone(await member.JoinAsLearner(cluster, Cancel));
        var again = (await hosts.Members(cluster)).Single(one => one.Name == "h2");
        Assert.NotEqual(id, again.Id);

        var namesake = await cluster.AddLearner("h2", [new Uri("https://127.0.0.1:1")], TimeSpan.FromSeconds(10), Cancel);
        Assert.Contains("h2", Assert.IsType<EtcdOutcome.Refused>(namesake.Outcome).Why, StringComparison.Ordinal);

        // Taken out by the others while it was away: its data are useless, it comes back as a new member.
        Assert.True(await member.Stop(Cancel));
        hosts.AssertDone(await cluster.Remove(again.Id, TimeSpan.FromSeconds(10), Cancel));
        hosts.AssertDone(await cluster.Remove(again.Id, TimeSpan.FromSeconds(10), Cancel));
        hosts.AssertDone(await member.JoinAsLearner(cluster, Cancel));
        Assert.Equal(2, (await hosts.Members(cluster)).Count);
    }

    [Fact]
    public async Task What_stands_in_the_way_is_named()
    {
        await using var hosts = await EtcdHosts.Start(1, tls: false);
        var own = hosts.OptionsOf(0);
        await Refused(own with { Executable = "/nowhere/etcd" }, "etcd-server");
        await Refused(own with { ClusterId = "other" }, "cluster test");
        await Refused(hosts.NewOptions("h2") with { ClientPort = own.ClientPort }, $"process {hosts[0].Pid} (etcd)");
        await Refused(hosts.NewOptions("h3") with { Addresses = [IPAddress.Parse("192.0.2.1")] }, "192.0.2.1");

        using var foreign = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        foreign.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreign.Listen();
        var taken = ((IPEndPoint)foreign.LocalEndPoint!).Port;
        await Refused(hosts.NewOptions("h4") with { PeerPort = taken }, $"Port {taken}");

        var broken = hosts.NewOptions("h5");
        Directory.CreateDirectory(broken.DataDirectory);
        File.WriteAllText(Path.Combine(broken.DataDirectory, "identity.json"), "{ nonsense");
        await Refused(broken, "identity.json");
        await Refused(hosts.NewOptions("h6") with { Tls = new("/nowhere/ca", "/nowhere/crt", "/nowhere/key") }, "/nowhere/ca");
        Assert.Throws<ArgumentException>(() => new EtcdMember(own with { Election = TimeSpan.FromMilliseconds(240) }));
    }

    [Fact]
    public void The_log_is_bounded()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, new string('x', 2000));
            Mainstay.Store.Etcd.Member.MemberLog.Bound(file, 1000);
            Assert.Equal(0, new FileInfo(file).Length);
            Assert.Equal(2000, new FileInfo(file + ".1").Length);
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".1");
        }
    }

    private static async Task Refused(EtcdMemberOptions options, params string[] named)
    {
        var time = Stopwatch.StartNew();
        var why = Assert.IsType<EtcdOutcome.Refused>(await new EtcdMember(options).StartNew(Cancel)).Why;
        Assert.True(named.Any(part => why.Contains(part, StringComparison.Ordinal)), why);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(10));
    }
}
