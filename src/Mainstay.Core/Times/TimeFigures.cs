namespace Mainstay.Core.Times;

/// <summary>What was measured of one time.</summary>
/// <param name="Count">How often it was measured.</param>
public sealed record TimeFigures(int Count, TimeSpan P50, TimeSpan P95)
{
    /// <summary>Null when it was never measured.</summary>
    public static TimeFigures? Of(IEnumerable<TimeSpan?> values)
    {
        TimeSpan[] known = [.. values.OfType<TimeSpan>()];
        return Percentile.Of(known, 50) is { } p50 && Percentile.Of(known, 95) is { } p95 ? new TimeFigures(known.Length, p50, p95) : null;
    }
}
