using Mainstay.Core.Model;
using Mainstay.Core.Ordering;

namespace Mainstay.Core.Tests.Ordering;

/// <summary>How many starts are begun at once, by how long the last ones took.</summary>
public sealed class StartWindowTests
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slow = StartWindow.Target + TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(4, 2)]
    [InlineData(16, 2)]
    [InlineData(32, 4)]
    [InlineData(64, 8)]
    [InlineData(256, 8)]
    public void A_host_begins_with_an_eighth_of_its_processors(int cores, int starts) => Assert.Equal(starts, StartBudget.First(cores));

    [Fact]
    public void Quick_starts_widen_it_by_one_a_round_up_to_the_most()
    {
        var window = new StartWindow(2, 5);
        Assert.Equal([2, 3, 3, 3, 4, 4, 4, 4, 5, 5], Enumerable.Range(0, 10).Select(_ => Took(window, Quick)));
        for (var i = 0; i < 100; i++)
            window.Took(Quick);
        Assert.Equal(5, window.Size);
    }

    [Fact]
    public void One_slow_start_halves_it_once_and_it_never_closes()
    {
        var window = new StartWindow(8, 16);
        Assert.Equal(4, Took(window, Slow));
        Assert.Equal(4, Took(window, Quick));
        Assert.Equal(2, Took(window, Slow));
        Assert.Equal(1, Took(window, Slow));
        Assert.Equal(1, Took(window, Slow));
        Assert.Equal(2, Took(window, Quick));
    }

    [Fact]
    public void Whatever_happens_it_stays_between_one_and_the_most()
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var random = new SeededRandom(seed);
            var window = new StartWindow(2 + random.Next(7), 16);
            for (var i = 0; i < 200; i++)
                Assert.InRange(Took(window, TimeSpan.FromMilliseconds(random.Next(8000))), 1, 16);
        }
    }

    private static int Took(StartWindow window, TimeSpan time)
    {
        window.Took(time);
        return window.Size;
    }
}
