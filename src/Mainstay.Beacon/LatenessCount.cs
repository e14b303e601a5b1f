using System.Numerics;

namespace Mainstay.Beacon;

/// <summary>How late the loop woke, counted in powers of two of microseconds, so that years of it fit in a few numbers.</summary>
internal sealed class LatenessCount
{
    private readonly long[] counts = new long[40];
    private long total;
    private long longest;

    public void Note(TimeSpan late)
    {
        var microseconds = Math.Max(0, late.Ticks / TimeSpan.TicksPerMicrosecond);
        counts[BitOperations.Log2((ulong)microseconds + 1)]++;
        longest = Math.Max(longest, microseconds);
        total++;
    }

    public override string ToString() =>
        $"{total} wake-ups, late by at most: p50 {Part(0.5)} ms, p99 {Part(0.99)} ms, p99.9 {Part(0.999)} ms, max {longest / 1000.0:F2} ms";

    private string Part(double share)
    {
        var seen = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= total * share)
                return (((1L << (i + 1)) - 1) / 1000.0).ToString("F2", System.Globalization.CultureInfo.InvariantCulture);
        }

        return "0";
    }
}
