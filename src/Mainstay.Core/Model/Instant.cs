namespace Mainstay.Core.Model;

/// <summary>
/// A point on this host's monotonic clock. Never compared across hosts and never derived from the wall clock (C4).
/// </summary>
public readonly record struct Instant(TimeSpan SinceOrigin) : IComparable<Instant>
{
    public static readonly Instant Origin = new(TimeSpan.Zero);

    /// <summary>Later than every other instant: "no deadline".</summary>
    public static readonly Instant Never = new(TimeSpan.MaxValue);

    public static Instant operator +(Instant at, TimeSpan span) => at == Never ? Never : new(at.SinceOrigin + span);

    public static Instant operator -(Instant at, TimeSpan span) => at == Never ? Never : new(at.SinceOrigin - span);

    public static TimeSpan operator -(Instant later, Instant earlier) => later.SinceOrigin - earlier.SinceOrigin;

    public static bool operator <(Instant a, Instant b) => a.SinceOrigin < b.SinceOrigin;

    public static bool operator >(Instant a, Instant b) => a.SinceOrigin > b.SinceOrigin;

    public static bool operator <=(Instant a, Instant b) => a.SinceOrigin <= b.SinceOrigin;

    public static bool operator >=(Instant a, Instant b) => a.SinceOrigin >= b.SinceOrigin;

    public static Instant Min(Instant a, Instant b) => a <= b ? a : b;

    public static Instant Max(Instant a, Instant b) => a >= b ? a : b;

    public int CompareTo(Instant other) => SinceOrigin.CompareTo(other.SinceOrigin);

    public override string ToString() => SinceOrigin.ToString("c", System.Globalization.CultureInfo.InvariantCulture);
}
