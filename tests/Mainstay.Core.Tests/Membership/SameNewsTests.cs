using Mainstay.Core.Fencing;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Core.Tests.Membership;

/// <summary>Two reports say the same only when no decision can tell them apart.</summary>
public sealed class SameNewsTests
{
    private static readonly PeerSight Peer = new(
        new HostId("n2"), new SessionId(7), TimeSpan.FromMilliseconds(40), false, true,
        [new(new HostId("n3"), TimeSpan.FromMilliseconds(50))]);

    private static readonly BeaconReport Report = new(TimeSpan.Zero, [Peer]);

    [Theory]
    [InlineData(TimingProfile.Aggressive)]
    [InlineData(TimingProfile.Balanced)]
    [InlineData(TimingProfile.Conservative)]
    public void Every_limit_on_silence_lies_between_the_bounds(TimingProfile profile)
    {
        var timing = Timing.For(profile);

        Assert.True(SameNews.Heard < timing.SuspectAfter);
        Assert.True(timing.CommitAfter <= BeaconPacket.SilenceStep * BeaconPacket.LongestSilence);
        TimeSpan[] limits = [timing.SuspectAfter, timing.CommitAfter - FenceBrakes.OpinionLag, timing.CommitAfter];
        Assert.All(limits, limit => Assert.False(Same(
            With(p => p with { Silence = limit - TimeSpan.FromMilliseconds(1) }), With(p => p with { Silence = limit }), timing)));
        Assert.All(limits, limit => Assert.False(Same(
            With(p => p with { Hears = [new(new HostId("n3"), limit - BeaconPacket.SilenceStep)] }),
            With(p => p with { Hears = [new(new HostId("n3"), limit)] }), timing)));
    }

    /// <summary>A new member of a sight must be compared too, unless it is a silence.</summary>
    [Fact]
    public void Every_member_of_a_sight_is_known() => Assert.Equal(
        ["AgentAlive", "Crashed", "Hears", "Host", "HostAnswers", "Session", "Silence"],
        typeof(PeerSight).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));

    /// <summary>A new member of a report must be compared too, unless only people read it.</summary>
    [Fact]
    public void Every_member_of_a_report_is_known() => Assert.Equal(
        ["Clocks", "Lease", "Loop", "OldestLease", "OwnStall", "Peers", "Quiet", "Slept", "Unfed"],
        typeof(BeaconReport).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));

    /// <summary>A new member of the lease must be compared too.</summary>
    [Fact]
    public void Every_member_of_a_lease_is_known() => Assert.Equal(
        ["Age", "Expiries", "InForce", "Incarnation", "KeepersEpoch", "Life", "Paused", "State", "Watchdog"],
        typeof(OwnLease).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Only_a_silence_below_or_beyond_every_limit_is_steady()
    {
        var timing = Timing.For(TimingProfile.Balanced);
        bool Steady(TimeSpan silence) => SameNews.IsSteady(With(p => p with { Silence = silence }), timing);

        Assert.True(Steady(SameNews.Heard - TimeSpan.FromMilliseconds(1)));
        Assert.False(Steady(SameNews.Heard));
        Assert.False(Steady(timing.CommitAfter - TimeSpan.FromMilliseconds(1)));
        Assert.True(Steady(timing.CommitAfter));
    }

    [Fact]
    public void Another_time_of_hearing_is_no_news() => Assert.True(Same(Report, With(p => p with
    {
        Silence = TimeSpan.FromMilliseconds(90), Hears = [new(new HostId("n3"), TimeSpan.Zero)],
    })));

    [Fact]
    public void A_host_that_is_gone_for_long_is_gone_for_longer_still() => Assert.True(Same(
        With(p => p with { Silence = TimeSpan.FromSeconds(13) }), With(p => p with { Silence = TimeSpan.FromSeconds(14) })));

    [Fact]
    public void Figures_that_only_people_read_are_no_news() => Assert.True(Same(Report, Report with
    {
        Loop = new LoopFigures(1000, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0, 0),
        OldestLease = TimeSpan.FromSeconds(1),
        Unfed = [new(new HostId("n2"), new SessionId(7), TimeSpan.FromSeconds(3), 30, TimeSpan.FromMilliseconds(100))],
    }));

    [Fact]
    public void A_frozen_lease_that_grows_old_is_news()
    {
        var frozen = Report with { Lease = Report.Lease with { State = LeaseState.Frozen, Age = TimeSpan.FromSeconds(5) } };
        Assert.False(Same(frozen, frozen with { Lease = frozen.Lease with { Age = TimeSpan.FromSeconds(6) } }));
        var valid = Report with { Lease = Report.Lease with { State = LeaseState.Valid, Age = TimeSpan.FromMilliseconds(50) } };
        Assert.True(Same(valid, valid with { Lease = valid.Lease with { Age = TimeSpan.FromMilliseconds(90) } }));
    }

    [Fact]
    public void Everything_else_is_news()
    {
        BeaconReport[] others =
        [
            With(p => p with { Silence = TimeSpan.FromMilliseconds(250) }),
            With(p => p with { Silence = TimeSpan.FromSeconds(20) }),
            With(p => p with { Session = new SessionId(8) }),
            With(p => p with { AgentAlive = false }),
            With(p => p with { HostAnswers = true }),
            With(p => p with { Hears = [] }),
            With(p => p with { Hears = [new(new HostId("n3"), TimeSpan.FromMilliseconds(300))] }),
            With(p => p with { Host = new HostId("n4") }),
            Report with { Peers = [] },
            Report with { OwnStall = TimeSpan.FromMilliseconds(600) },
            Report with { Quiet = [new(new HostId("n2"), 0)] },
            Report with { Lease = Report.Lease with { Incarnation = 3 } },
            Report with { Lease = Report.Lease with { State = LeaseState.Valid } },
            Report with { Lease = Report.Lease with { Watchdog = TimeSpan.FromSeconds(5) } },
            Report with { Lease = Report.Lease with { InForce = new LeaseTerms(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero) } },
            Report with { Lease = Report.Lease with { KeepersEpoch = 3 } },
            Report with { Lease = Report.Lease with { Paused = 1 } },
            Report with { Lease = Report.Lease with { Expiries = 1 } },
        ];

        Assert.All(others, other => Assert.False(Same(Report, other), other.ToString()));
    }

    private static bool Same(BeaconReport one, BeaconReport other) => Same(one, other, Timing.For(TimingProfile.Balanced));

    private static bool Same(BeaconReport one, BeaconReport other, Timing timing) => SameNews.Between(one, other, timing);

    private static BeaconReport With(Func<PeerSight, PeerSight> change) => Report with { Peers = [change(Peer)] };
}
