using System.Numerics;
using Mainstay.Core.Membership;

namespace Mainstay.Beacon;

/// <summary>
/// How late the loop woke, counted in eighths of powers of two of microseconds: years of it fit in a few hundred numbers, each true to an
/// eighth.
/// </summary>
internal sealed class LatenessCount
{
    private const int Eighths = 8;

    private readonly long[] counts = new long[48 * Eighths];
    private long total;
    private long longest;

    /// <summary>Does not allocate.</summary>
    public LoopFigures Figures => new(
        total, Part(0.5), Part(0.99), Part(0.999), Microseconds(longest), GC.GetAllocatedBytesForCurrentThread(), GC.CollectionCount(0));

    public void Note(TimeSpan late)
    {
        var microseconds = Math.Max(0, late.Ticks / TimeSpan.TicksPerMicrosecond);
        counts[Place(microseconds)]++;
        longest = Math.Max(longest, microseconds);
        total++;
    }

    public override string ToString()
    {
        var figures = Figures;
        return $"{figures.WakeUps} wake-ups, late by at most: p50 {Text(figures.Median)} ms, p99 {Text(figures.P99)} ms, "
            + $"p99.9 {Text(figures.P999)} ms, max {Text(figures.Longest)} ms";
    }

    private static string Text(TimeSpan time) =>
        time.TotalMilliseconds.ToString("F2", System.Globalization.CultureInfo.InvariantCulture);

    private static int Place(long microseconds)
    {
        var value = (ulong)microseconds + Eighths;
        var power = BitOperations.Log2(value);
        return ((power - 3) * Eighths) + (int)((value >> (power - 3)) - Eighths);
    }

    /// <summary>The greatest value that is counted at a place.</summary>
    private static long Greatest(int place) => ((long)(Eighths + (place % Eighths) + 1) << (place / Eighths)) - 1 - Eighths;

    private static TimeSpan Microseconds(long count) => TimeSpan.FromTicks(count * TimeSpan.TicksPerMicrosecond);

    private TimeSpan Part(double share)
    {
        var seen = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen > 0 && seen >= total * share)
                return Microseconds(Math.Min(Greatest(i), longest));
        }

        return TimeSpan.Zero;
    }
}
