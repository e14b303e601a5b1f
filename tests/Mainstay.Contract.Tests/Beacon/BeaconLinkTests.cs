using Mainstay.Contracts.Beacon;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

public sealed class BeaconLinkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_beacon_nothing_is_confirmed_and_the_link_waits_for_it()
    {
        await using var cluster = new BeaconCluster(2);
        await using var link = new Mainstay.Beacon.Link.BeaconLink(cluster[1].Paths, TimeProvider.System);
        Assert.False(await link.Arm(new GroupId("web"), "u-1", new Epoch(1), new SessionId(1), default, null, Cancel));
        Assert.False(await link.Revoke(new GroupId("web"), "u-1", Cancel));
        await link.SetUp(cluster.SetupOf(1), Cancel);
        await link.ShowProgress(Cancel);
        cluster[1].StartBeacon();
        await foreach (var news in link.Watch(Cancel))
        {
            Assert.IsType<BeaconNews.Connected>(news);
            break;
        }

        Assert.True(await link.Revoke(new GroupId("web"), "u-1", Cancel));
    }

    [Fact]
    public async Task The_list_on_disk_follows_the_setup_but_not_one_without_session()
    {
        await using var cluster = new BeaconCluster(2);
        await using var link = new Mainstay.Beacon.Link.BeaconLink(cluster[1].Paths, TimeProvider.System);
        var list = cluster[1].Paths.ProtectedList;
        await link.SetUp(cluster.SetupOf(1, new ProtectedGuest(new GroupId("web"), "u-1", "owned by n2")), Cancel);
        Assert.Equal("u-1\tweb\towned by n2\n", await File.ReadAllTextAsync(list, Cancel));
        await link.SetUp(cluster.SetupOf(1) with { Session = null }, Cancel);
        Assert.NotNull(ProtectedList.Find(await File.ReadAllTextAsync(list, Cancel), "u-1", ""));
        await link.SetUp(cluster.SetupOf(1), Cancel);
        Assert.Equal("", await File.ReadAllTextAsync(list, Cancel));
        Assert.Null(link.ListTrouble);
    }

    [Fact]
    public async Task A_list_that_cannot_be_written_does_not_stop_the_setup()
    {
        await using var cluster = new BeaconCluster(2);
        Directory.CreateDirectory(cluster[1].Paths.ProtectedList);
        await using var link = new Mainstay.Beacon.Link.BeaconLink(cluster[1].Paths, TimeProvider.System);
        await link.SetUp(cluster.SetupOf(1), Cancel);
        Assert.NotNull(link.ListTrouble);
        await Assert.ThrowsAsync<ArgumentException>(() => link.SetUp(
            cluster.SetupOf(1, [.. Enumerable.Range(0, AgentFrame.MaxProtected + 1)
                .Select(i => new ProtectedGuest(new GroupId($"g{i}"), $"u-{i}", ""))]), Cancel));
    }
}
