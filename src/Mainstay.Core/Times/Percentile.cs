namespace Mainstay.Core.Times;

/// <summary>Percentiles by the nearest rank: always a value that was measured, never one between two.</summary>
public static class Percentile
{
    /// <summary>The least value that is not exceeded by this share of all; null when there is none.</summary>
    /// <param name="values">In any order.</param>
    /// <param name="percent">1 to 100.</param>
    public static TimeSpan? Of(IEnumerable<TimeSpan> values, int percent)
    {
        if (percent is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A percentile is 1 to 100.");
        TimeSpan[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : sorted[(((sorted.Length * percent) + 99) / 100) - 1];
    }
}
