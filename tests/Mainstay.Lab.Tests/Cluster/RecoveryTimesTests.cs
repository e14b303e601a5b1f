using System.Diagnostics;
using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>What is measured of a failover is what a clock outside the cluster says (M1).</summary>
[Collection("cluster")]
public sealed class RecoveryTimesTests(ClusterLab cluster)
{
    /// <summary>How finely processes are looked for from outside, and how late a busy machine lets that be.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    [Fact]
    public Task After_a_kill_the_parts_are_near_the_whole() => cluster.Play(async stage =>
    {
        var (victim, guests) = await stage.Victim();
        var survivor = stage.OtherThan(victim);
        var clock = Stopwatch.StartNew();
        await stage.Lab.Kill(victim, withBmc: false, stage.Cancel);
        await stage.Until(() => stage.RunsOn(guests[0]).Any(host => host != victim), $"{guests[0]} runs elsewhere");
        var seen = clock.Elapsed;
        var status = await stage.Until(survivor, "What was measured", known => known.Guests
            .FirstOrDefault(guest => guests.Contains(guest.Name) && Failover(guest) is null)?.Name);

        var last = (await stage.Explain(survivor, guests[0])).Recoveries[0];
        Assert.Equal(("failover", victim, "power"), (last.Kind, last.Lost, last.Proof));
        Assert.NotNull(last.Time);
        var parts = last.Ms.Where(part => part.Key != "whole").Sum(part => part.Value);
        Assert.Equal(last.Ms["whole"], parts);
        Assert.InRange(TimeSpan.FromMilliseconds(parts), seen - Tolerance, seen + Tolerance);
        var failover = Assert.IsType<FailoverStatus>(status.Cluster.LastFailover);
        Assert.Equal((victim, guests.Count), (failover.Host, failover.Guests));
        Assert.Contains("last failover: ", await stage.Mainstay(survivor, "status"), StringComparison.Ordinal);
    });

    private static RecoveryStatus? Failover(GuestStatus guest) =>
        guest.Recoveries.FirstOrDefault(known => known is { Kind: "failover", Whole: not null });
}
