using Mainstay.Lab.Guests;

namespace Mainstay.Lab.Tests;

/// <summary>The checker of the disks accepts one life after the other and finds every kind of double run.</summary>
public sealed class BeatCheckTests
{
    private const ulong A = 0xa;
    private const ulong B = 0xb;

    [Fact]
    public void One_life_after_the_other_is_fine()
    {
        var report = GuestDisk.Check([First(7, A, 6, 0), Next(8, A, 2), Next(9, A, 3), First(10, B, 9, A), Next(11, B, 2)]);
        Assert.Empty(report.DoubleRuns);
        Assert.Equal(2, report.Lives);
    }

    [Fact]
    public void A_ring_that_was_written_over_may_begin_in_the_middle_of_a_life() =>
        Assert.Empty(GuestDisk.Check([Next(70000, A, 500), Next(70001, A, 501)]).DoubleRuns);

    [Fact]
    public void Two_lives_that_alternate_are_found() =>
        Assert.NotEmpty(GuestDisk.Check([First(1, A, 0, 0), First(2, B, 1, A), Foreign(3, A, 2, B)]).DoubleRuns);

    [Fact]
    public void A_late_write_over_the_successors_beat_is_found() =>
        Assert.NotEmpty(GuestDisk.Check([First(1, A, 0, 0), Next(2, A, 2), Next(3, A, 3), Next(4, B, 2), Next(5, B, 3)]).DoubleRuns);

    [Fact]
    public void A_life_that_writes_again_after_its_end_is_found() =>
        Assert.NotEmpty(GuestDisk.Check([First(1, A, 0, 0), First(2, B, 1, A), First(3, A, 2, B)]).DoubleRuns);

    [Fact]
    public void A_lost_beat_is_found() => Assert.NotEmpty(GuestDisk.Check([First(1, A, 0, 0), Next(3, A, 3)]).DoubleRuns);

    private static Beat First(uint counter, ulong life, uint foundCounter, ulong foundLife) =>
        new(counter, life, 1, foundCounter, foundLife, 0, counter);

    private static Beat Next(uint counter, ulong life, uint number) => new(counter, life, number, counter - 1, life, 0, counter);

    private static Beat Foreign(uint counter, ulong life, uint number, ulong foundLife) =>
        new(counter, life, number, counter - 1, foundLife, 1, counter);
}
