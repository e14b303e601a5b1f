using CsCheck;
using Mainstay.Core.Times;

namespace Mainstay.Core.Tests.Times;

public sealed class PercentileTests
{
    private static readonly Gen<TimeSpan[]> Times = Gen.Int[0, 1000].Select(ms => TimeSpan.FromMilliseconds(ms)).Array[0, 40];

    [Fact]
    public void It_is_the_least_value_that_this_share_does_not_exceed() => Gen.Select(Times, Gen.Int[1, 100]).Sample((all, percent) =>
    {
        var dumb = all.Where(v => all.Count(w => w <= v) * 100 >= percent * all.Length).Select(v => (TimeSpan?)v).Min();
        return Percentile.Of(all, percent) == dumb;
    });

    [Fact]
    public void It_does_not_depend_on_the_order() => Gen.Select(Times, Gen.Int[1, 100]).Sample((all, percent) =>
        Percentile.Of(all, percent) == Percentile.Of(all.Reverse(), percent));

    [Fact]
    public void It_rises_with_the_share() => Gen.Select(Times.Where(t => t.Length > 0), Gen.Int[1, 99]).Sample((all, percent) =>
        Percentile.Of(all, percent) <= Percentile.Of(all, percent + 1));

    [Fact]
    public void Of_nothing_there_is_none() => Assert.Null(Percentile.Of([], 95));

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Beyond_all_there_is_none_either(int percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Percentile.Of([TimeSpan.Zero], percent));
}
