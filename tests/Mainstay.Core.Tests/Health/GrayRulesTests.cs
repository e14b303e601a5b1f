using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Tests.Health;

/// <summary>When a host is gray, compared with its peers.</summary>
public sealed class GrayRulesTests
{
    private static readonly HostId Host = new("n1");

    [Theory]
    [InlineData(1000, 20, true)]
    [InlineData(210, 20, true)]
    [InlineData(199, 20, false)]
    [InlineData(99, 1, false)]
    [InlineData(1000, 900, false)]
    public void A_disk_is_slow_when_it_is_ten_times_slower_than_those_of_the_peers(int own, int peers, bool slow) =>
        Assert.Equal(slow, GrayRules.Disk(View(own, peers, peers, peers), Host, Health(own)) is not null);

    [Fact]
    public void One_other_slow_host_of_two_hides_nothing() =>
        Assert.NotNull(GrayRules.Disk(View(1000, 20, 1000), Host, Health(1000)));

    [Fact]
    public void Alone_or_unmeasured_no_disk_is_slow()
    {
        Assert.Null(GrayRules.Disk(View(1000), Host, Health(1000)));
        Assert.Null(GrayRules.Disk(View(1000, 20, 20), Host, HostHealth.Unmeasured));
    }

    [Fact]
    public void Links_may_flap_three_times_and_monitors_not_once()
    {
        Assert.Null(GrayRules.Links(new HostHealth([], null, 3)));
        Assert.NotNull(GrayRules.Links(new HostHealth([], null, 4)));
        Assert.Null(GrayRules.Monitors(HostHealth.Unmeasured));
        Assert.Contains("web", GrayRules.Monitors(new HostHealth(["web"], null, 0)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    public void At_most_a_quarter_of_the_hosts_is_quarantined(int hosts, int most)
    {
        var view = View(Enumerable.Repeat(20, hosts).ToArray());
        for (var i = 1; i <= most; i++)
        {
            Assert.True(GrayRules.HasRoom(view));
            var key = new StoreKey.Quarantine(new HostId($"n{i}"));
            view = view.With(new StoreEntry(key, new QuarantineRecord(QuarantineCause.Disk, "test"), 5));
        }

        Assert.False(GrayRules.HasRoom(view));
    }

    private static HostHealth Health(int milliseconds) => new([], TimeSpan.FromMilliseconds(milliseconds), 0);

    private static ClusterView View(params int[] milliseconds)
    {
        var view = ClusterView.Empty;
        for (var i = 0; i < milliseconds.Length; i++)
        {
            var (host, session) = (new HostId($"n{i + 1}"), new SessionId((ulong)i + 1));
            view = view
                .With(new StoreEntry(new StoreKey.Host(host), new HostConfig(i + 1, [], 7780, [], false), 1))
                .With(new StoreEntry(new StoreKey.Session(host), new SessionRecord(session, new BootId("b"), SessionState.Online), 1))
                .With(new StoreEntry(
                    new StoreKey.Load(host), new HostLoad(session, 8192, 0, 0, true) { Health = Health(milliseconds[i]) }, 1));
        }

        return view;
    }
}
