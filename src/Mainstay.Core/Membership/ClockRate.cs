using System.Runtime.CompilerServices;

namespace Mainstay.Core.Membership;

/// <summary>
/// The rate of one clock against another over five minutes, from messages that carry the sender's time. A message is late by its way, never
/// early: of each ten seconds the one that was least late counts. The slope is the median of those between points half a window apart
/// (Theil's incomplete method): some points may be wrong altogether. Does not allocate after it was made.
/// </summary>
internal sealed class ClockRate
{
    private const int Points = 31;
    private const int Apart = Points / 2;
    private const int FewestPoints = 20;
    private const int StepsThatAreARate = 3;
    private const double Million = 1e6;

    private static readonly long Bucket = TimeSpan.FromSeconds(10).Ticks;
    private static readonly long LongEnough = TimeSpan.FromSeconds(290).Ticks;
    private static readonly long Lasts = TimeSpan.FromMinutes(1).Ticks;

    /// <summary>More between two points is a step (a clock that was set, a host that slept), unless it goes on and on.</summary>
    private static readonly long Step = TimeSpan.FromMilliseconds(50).Ticks;

    private Window points;
    private int count, next, steps;
    private long began, bestAt, best;
    private bool any;
    private (double Ppm, long Over)? rate;

    public void Reset() => (count, next, steps, any, rate) = (0, 0, 0, false, null);

    /// <param name="sent">Ticks of the sender's clock.</param>
    /// <param name="heard">Ticks of the own clock.</param>
    public void Note(long sent, long heard)
    {
        if (!any)
        {
            (any, began, bestAt, best) = (true, heard, heard, heard - sent);
        }
        else if (heard - began >= Bucket)
        {
            Close();
            (began, bestAt, best) = (heard, heard, heard - sent);
        }
        else if (heard - sent < best)
        {
            (bestAt, best) = (heard, heard - sent);
        }
    }

    /// <summary>Null while too little was heard, or when nothing was heard lately.</summary>
    public (double Ppm, TimeSpan Over)? At(long now) =>
        any && now - bestAt <= Lasts && rate is { } known ? (known.Ppm, TimeSpan.FromTicks(known.Over)) : null;

    // Ten seconds are over.
    private void Close()
    {
        if (count > 0)
        {
            ref readonly var last = ref points[(next + Points - 1) % Points];
            var (late, over) = (best - last.Late, bestAt - last.At);
            if (Math.Abs(late) > Step)
            {
                steps = steps != 0 && Math.Sign(steps) != Math.Sign(late) ? Math.Sign(late) : steps + Math.Sign(late);
                (count, next, rate) = (0, 0, null);
                if (Math.Abs(steps) >= StepsThatAreARate && over > 0)
                    rate = (late * Million / over, over);
            }
            else if (steps != 0)
            {
                (steps, rate) = (0, null);
            }
        }

        points[next] = new Point(bestAt, best);
        (next, count) = ((next + 1) % Points, Math.Min(count + 1, Points));
        if (count >= FewestPoints)
            Measure();
    }

    private void Measure()
    {
        var oldest = (next + Points - count) % Points;
        var (from, to) = (points[oldest], points[(next + Points - 1) % Points]);
        if (to.At - from.At < LongEnough)
            return;
        Span<double> slopes = stackalloc double[Points];
        var apart = Math.Min(Apart, count / 2);
        var found = 0;
        for (var i = 0; i + apart < count; i++)
        {
            var (one, other) = (points[(oldest + i) % Points], points[(oldest + i + apart) % Points]);
            if (other.At > one.At)
                Insert(slopes, found++, (other.Late - one.Late) * Million / (other.At - one.At));
        }

        if (found > 0)
            rate = (slopes[found / 2], to.At - from.At);
    }

    private static void Insert(Span<double> sorted, int count, double value)
    {
        var at = count;
        for (; at > 0 && sorted[at - 1] > value; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = value;
    }

    /// <summary>When it was heard, and how late by the two clocks: the difference says nothing, its change does.</summary>
    private readonly record struct Point(long At, long Late);

    [InlineArray(Points)]
    private struct Window
    {
        private Point first;
    }
}
