namespace Mainstay.Core.Membership;

/// <summary>The longest lateness of a loop during the last two to three seconds, kept per second so that it costs nothing.</summary>
internal struct LoopWatch
{
    private const long Second = TimeSpan.TicksPerSecond;

    private long window;
    private long inWindow;
    private long inPrevious;
    private long inOldest;

    public void Note(long now, long late)
    {
        Roll(now);
        inWindow = Math.Max(inWindow, late);
    }

    public long Longest(long now)
    {
        Roll(now);
        return Math.Max(inWindow, Math.Max(inPrevious, inOldest));
    }

    private void Roll(long now)
    {
        var current = now / Second;
        if (current == window)
            return;
        (inWindow, inPrevious, inOldest) = (current - window) switch
        {
            1 => (0, inWindow, inPrevious),
            2 => (0, 0, inWindow),
            _ => (0L, 0L, 0L),
        };
        window = current;
    }
}
