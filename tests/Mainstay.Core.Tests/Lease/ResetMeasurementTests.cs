using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Core.Tests.Lease;

/// <summary>A watchdog's time is known only when more than one witness heard the end, and is never taken for too short.</summary>
public sealed class ResetMeasurementTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    [Fact]
    public void The_figure_is_the_last_word_and_the_longest_pause_between_two()
    {
        var verdict = Assert.IsType<ResetVerdict.Measured>(
            ResetMeasurement.Judge(Timeout, [Heard("n2", 5.3, gap: 0.1), Heard("n3", 5.2, gap: 0.45), Heard("disk", 5.28, gap: 0.05)]));
        Assert.Equal((5.3, 5.75), (verdict.AtLeast.TotalSeconds, verdict.Reset.TotalSeconds));
        Assert.Equal(["disk", "n2", "n3"], verdict.By);
    }

    [Fact]
    public void It_is_at_least_two_beacons_after_the_last_word_and_at_least_the_timeout()
    {
        var late = Assert.IsType<ResetVerdict.Measured>(ResetMeasurement.Judge(Timeout, [Heard("n2", 5.3), Heard("n3", 5.3)]));
        Assert.Equal(5.5, late.Reset.TotalSeconds);
        var early = Assert.IsType<ResetVerdict.Measured>(ResetMeasurement.Judge(Timeout, [Heard("n2", 3), Heard("n3", 3)]));
        Assert.Equal((3, 5), (early.AtLeast.TotalSeconds, early.Reset.TotalSeconds));
    }

    [Fact]
    public void A_witness_that_lost_the_end_does_not_shorten_it()
    {
        var verdict = Assert.IsType<ResetVerdict.Measured>(
            ResetMeasurement.Judge(Timeout, [Heard("n2", 3.1), Heard("n3", 5.2), Heard("n4", 5.1)]));
        Assert.Equal(["n3", "n4"], verdict.By);
    }

    [Fact]
    public void One_witness_or_several_that_do_not_agree_are_none()
    {
        AssertUnclear("nobody");
        AssertUnclear("only n2", Heard("n2", 5.2));
        AssertUnclear("do not agree", Heard("n2", 5.2), Heard("n3", 4.1));
        AssertUnclear("only n2", Heard("n2", 5.2), Heard("n3", 5.2, marks: 4));
        AssertUnclear("only n2", Heard("n2", 5.2), Heard("n3", 5.2, gap: 1.1));
    }

    [Fact]
    public void What_ends_long_before_the_timeout_or_takes_too_long_is_no_figure()
    {
        AssertUnclear("something else", Heard("n2", 2.4), Heard("n3", 2.4));
        AssertUnclear("shorter timeout", Heard("n2", 61), Heard("n3", 61));
    }

    [Fact]
    public void An_observer_keeps_the_last_word_of_each_life_and_its_longest_pause()
    {
        var marks = new UnfedMarks();
        var now = Instant.Origin;
        (ulong, uint, int)[] heard = [(7, 100, 0), (7, 200, 100), (7, 500, 320), (8, 50, 9000), (7, 600, 0)];
        foreach (var (session, unfed, pause) in heard)
        {
            now += TimeSpan.FromMilliseconds(pause);
            marks.Heard(new BeaconPacket { Host = 2, Session = session, Unfed = unfed }, now);
        }

        marks.Heard(new BeaconPacket { Host = 2, Session = 8 }, now);
        Assert.Equal(2, marks.Count);
        Assert.Equal((2, 7UL, TimeSpan.FromMilliseconds(600), 4), (marks[0].Host, marks[0].Session, marks[0].Last, marks[0].Beacons));
        Assert.Equal((2, 8UL, TimeSpan.FromMilliseconds(50), 1), (marks[1].Host, marks[1].Session, marks[1].Last, marks[1].Beacons));

        // A second measurement in the same life begins anew, and room is made by what is oldest.
        marks.Heard(new BeaconPacket { Host = 2, Session = 8, Unfed = 10 }, now);
        Assert.Equal(1, marks[1].Beacons);
        for (var host = 10; host < 17; host++)
            marks.Heard(new BeaconPacket { Host = (ushort)host, Session = 1, Unfed = 10 }, now += TimeSpan.FromSeconds(1));
        Assert.Equal(8, marks.Count);
        Assert.Equal(16, marks[0].Host);
    }

    private static void AssertUnclear(string why, params ResetWitness[] witnesses) => Assert.Contains(
        why, Assert.IsType<ResetVerdict.Unclear>(ResetMeasurement.Judge(Timeout, witnesses.ToValueList())).Why, StringComparison.Ordinal);

    private static ResetWitness Heard(string name, double last, int marks = 40, double gap = 0.1) =>
        new(name, TimeSpan.FromSeconds(last), marks, TimeSpan.FromSeconds(gap));
}
