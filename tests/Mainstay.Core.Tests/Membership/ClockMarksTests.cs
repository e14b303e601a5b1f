using Mainstay.Core.Health;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Tests.Membership;

/// <summary>Two clocks are compared by beacons that come late by their way, never early: V12.</summary>
public sealed class ClockMarksTests
{
    private static readonly BeaconSetup Setup = new(
        new HostId("n1"), 1, new SessionId(1), [], [new(new HostId("n2"), 2, []), new(new HostId("n3"), 3, [])], []);

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    [InlineData(600)]
    [InlineData(-600)]
    [InlineData(4000)]
    public void The_rate_is_found_to_a_few_ppm_however_late_single_beacons_are(double ppm)
    {
        var marks = Marks();
        Assert.Null(Run(marks, ppm, TimeSpan.FromMinutes(4)));
        var (found, over) = Assert.IsType<(double, TimeSpan)>(Run(marks, ppm, TimeSpan.FromMinutes(3), from: TimeSpan.FromMinutes(4)));
        Assert.InRange(found - (ppm / (1 + (ppm / 1e6))), -5, 5); // Of the own clock's time.
        Assert.InRange(over, TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(310));
        Assert.Null(marks.RateOf(1, At(TimeSpan.FromMinutes(7)))); // n3 was never heard.
    }

    [Fact]
    public void Ten_seconds_in_which_everything_was_late_change_nothing()
    {
        var marks = Marks();
        var found = Run(marks, 100, TimeSpan.FromMinutes(6), late: at => at.TotalSeconds is > 150 and < 172 ? 40 : 0);
        Assert.InRange(found?.Ppm ?? 0, 90, 110);
    }

    [Fact]
    public void A_clock_that_was_set_is_measured_anew_and_one_that_runs_away_is_found_at_once()
    {
        var marks = Marks();
        Assert.NotNull(Run(marks, 10, TimeSpan.FromMinutes(6)));
        Assert.Null(Run(marks, 10, TimeSpan.FromMinutes(4), from: TimeSpan.FromMinutes(6), ahead: TimeSpan.FromSeconds(1)));
        var found = Run(marks, 10, TimeSpan.FromMinutes(3), from: TimeSpan.FromMinutes(10), ahead: TimeSpan.FromSeconds(1));
        Assert.InRange(found?.Ppm ?? 0, 5, 15);
        var fast = Run(Marks(), 20_000, TimeSpan.FromMinutes(1));
        Assert.InRange(fast?.Ppm ?? 0, 19_000, 21_000);
    }

    [Fact]
    public void A_new_session_begins_anew_and_a_host_that_is_not_heard_has_no_rate()
    {
        var marks = Marks();
        Assert.NotNull(Run(marks, 0, TimeSpan.FromMinutes(6)));
        Assert.Null(marks.RateOf(0, At(TimeSpan.FromMinutes(8))));
        marks.Heard(new BeaconPacket { Host = 2, Session = 8, Sent = 5 }, At(TimeSpan.FromMinutes(6)));
        Assert.Null(marks.RateOf(0, At(TimeSpan.FromMinutes(6))));
    }

    [Fact]
    public void What_is_known_survives_a_setup_and_beacons_of_an_earlier_version_say_nothing()
    {
        var marks = Marks();
        Assert.NotNull(Run(marks, 0, TimeSpan.FromMinutes(6)));
        marks.SetUp(Setup with { Peers = [Setup.Peers[0]] });
        Assert.NotNull(marks.RateOf(0, At(TimeSpan.FromMinutes(6))));
        marks.SetUp(Setup with { Peers = [Setup.Peers[1]] });
        marks.Heard(new BeaconPacket { Host = 3, Session = 8 }, At(TimeSpan.FromMinutes(6)));
        Assert.Null(marks.RateOf(0, At(TimeSpan.FromMinutes(6))));
    }

    [Fact]
    public void It_allocates_nothing()
    {
        var marks = Marks();
        Run(marks, 100, TimeSpan.FromMinutes(6));
        var packet = new BeaconPacket { Host = 2, Session = 7 };
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 3000; i++)
        {
            var at = TimeSpan.FromMinutes(6) + TimeSpan.FromMilliseconds(100 * i);
            packet.Sent = at.Ticks;
            marks.Heard(packet, At(at));
            marks.RateOf(0, At(at));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(400, 0)]
    [InlineData(600, 1)]
    [InlineData(-600, 1)]
    public void V12_refuses_a_pair_that_differs_by_500_ppm(double ppm, int count)
    {
        var findings = ClockRules.V12(Inputs(("n1", "n2", ppm + 1), ("n2", "n1", 1 - ppm))).ToArray();
        Assert.Equal(count, findings.Length);
        foreach (var finding in findings)
        {
            Assert.Equal(("V12", FindingSeverity.Refuse, "600 ppm"), (finding.Rule, finding.Severity, finding.Value));
            Assert.Null(finding.Subject);
            Assert.StartsWith($"the clock of {(ppm > 0 ? "n1" : "n2")} runs faster", finding.What, StringComparison.Ordinal);
            Assert.Contains("not to be trusted as a proof", finding.What, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void V12_names_the_host_that_differs_from_all_others()
    {
        var findings = ClockRules.V12(Inputs(("n1", "n2", 5), ("n1", "n3", 700), ("n2", "n3", 695))).ToArray();
        Assert.Equal(2, findings.Length);
        Assert.All(findings, finding => Assert.Equal(new HostId("n3"), finding.Subject));
        Assert.Equal(3, ClockRules.Pairs(Inputs(("n1", "n2", 5), ("n3", "n1", -700), ("n2", "n3", 695)).Readings).Count);
    }

    [Fact]
    public void V12_warns_of_a_host_that_slept()
    {
        var inputs = Inputs();
        HostReading Slept(double seconds) => new(new HostId("n1"), null, null) { Slept = TimeSpan.FromSeconds(seconds) };
        Assert.Empty(ClockRules.V12(inputs with { Readings = [Slept(0.01)] }));
        Assert.Equal("30 s", Assert.Single(ClockRules.V12(inputs with { Readings = [Slept(30)] })).Value);
    }

    private static CheckInputs Inputs(params (string Host, string Peer, double Ppm)[] said) => new(
        ClusterView.Empty, TimingProfile.Balanced, null,
        said.GroupBy(one => one.Host).Select(of => new HostReading(new HostId(of.Key), null, null)
        {
            Clocks = of.Select(one => new ClockReading(new HostId(one.Peer), one.Ppm, TimeSpan.FromMinutes(5))).ToValueList(),
        }).ToValueList());

    private static ClockMarks Marks()
    {
        var marks = new ClockMarks();
        marks.SetUp(Setup);
        return marks;
    }

    private static Instant At(TimeSpan time) => Instant.Origin + time;

    /// <summary>Beacons of n2, ten a second: on their way between 0.1 and 20 ms, most of them shortly.</summary>
    /// <param name="ppm">By so much the own clock is faster.</param>
    /// <param name="late">Besides, in ms.</param>
    /// <param name="ahead">The peer's clock was set ahead by this.</param>
    private static (double Ppm, TimeSpan Over)? Run(
        ClockMarks marks, double ppm, TimeSpan time, TimeSpan from = default, Func<TimeSpan, double>? late = null, TimeSpan ahead = default)
    {
        var random = new SeededRandom((ulong)(from.Ticks + 7));
        var packet = new BeaconPacket { Host = 2, Session = 7 };
        var now = from;
        for (; now < from + time; now += TimeSpan.FromMilliseconds(100))
        {
            var way = 0.1 + (random.Next(100) < 80 ? random.Next(10) / 10.0 : random.Next(200) / 10.0) + (late?.Invoke(now) ?? 0);
            packet.Sent = (long)(now.Ticks / (1 + (ppm / 1e6))) + ahead.Ticks + TimeSpan.FromHours(3).Ticks;
            marks.Heard(packet, At(now + TimeSpan.FromMilliseconds(way)));
        }

        return marks.RateOf(0, At(now));
    }
}
