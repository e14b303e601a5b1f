using CsCheck;
using Mainstay.Core.Model;
using Mainstay.Core.Times;

namespace Mainstay.Core.Tests.Times;

public sealed class RecoveryTimesTests
{
    private static RecoveryMeasurement Measured(RecoveryKind kind, RecoveryParts parts, long revision = 1) =>
        new(kind, new Epoch(2), new HostId("n2"), revision) { Parts = parts };

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Only_the_last_twenty_are_kept() => Gen.Int[0, 60].Sample(count =>
    {
        var times = Enumerable.Range(1, count).Aggregate(
            RecoveryTimes.None, (kept, i) => kept.With(Measured(RecoveryKind.Start, RecoveryParts.None, i)));
        return times.Last.Select(m => m.Revision)
            .SequenceEqual(Enumerable.Range(1, count).Select(i => (long)i).TakeLast(RecoveryTimes.Kept));
    });

    [Theory]
    [InlineData(RecoveryKind.Start)]
    [InlineData(RecoveryKind.Failover)]
    [InlineData(RecoveryKind.Move)]
    [InlineData(RecoveryKind.Restart)]
    public void A_whole_without_one_of_its_parts_is_unknown(RecoveryKind kind)
    {
        var all = new RecoveryParts { Detect = S(0.3), Prove = S(1), Stop = S(2), Place = S(0), Start = S(4) };
        Assert.NotNull(Measured(kind, all).Whole);
        Assert.Null(Measured(kind, all with { Start = null }).Whole);
    }

    [Fact]
    public void A_failover_is_the_sum_of_what_it_consists_of()
    {
        var parts = new RecoveryParts { Detect = S(0.3), Prove = S(1), Place = S(0.1), Start = S(4) };
        Assert.Equal(S(5.4), Measured(RecoveryKind.Failover, parts).Whole);
        Assert.Equal(S(7.4), Measured(RecoveryKind.Failover, parts with { Ready = S(2) }).Whole);
        Assert.Null(Measured(RecoveryKind.Failover, parts with { Detect = null }).Whole);
    }

    [Fact]
    public void Figures_are_kept_apart_by_kind_and_leave_out_what_was_never_measured()
    {
        var times = RecoveryTimes.None
            .With(Measured(RecoveryKind.Failover, new RecoveryParts { Detect = S(0.3), Prove = S(1), Place = S(0), Start = S(2) }))
            .With(Measured(RecoveryKind.Start, new RecoveryParts { Start = S(9) }))
            .With(Measured(RecoveryKind.Failover, new RecoveryParts { Start = S(3) }));
        var figures = RecoveryFigures.Of(times);

        Assert.Equal([RecoveryKind.Start, RecoveryKind.Failover], figures.Select(f => f.Kind));
        var failovers = figures[1];
        Assert.Equal(2, failovers.Count);
        Assert.Equal(
            [RecoveryPart.Detect, RecoveryPart.Prove, RecoveryPart.Place, RecoveryPart.Start], failovers.Parts.Select(p => p.Part));
        Assert.Equal(new TimeFigures(2, S(2), S(3)), failovers.Parts[3].Times);
        Assert.Equal(new TimeFigures(1, S(3.3), S(3.3)), failovers.Whole);
        Assert.Null(figures[0].Whole);
    }
}
