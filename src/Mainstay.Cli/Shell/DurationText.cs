using System.Globalization;

namespace Mainstay.Cli.Shell;

/// <summary>
/// Durations as people type and read them: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>; a bare number means seconds.
/// </summary>
internal static class DurationText
{
    public const string Mend = "Write a number and a unit: 500ms, 10s, 5m, 2h or 1d.";

    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("", 1)];

    /// <summary>Null when it is no duration above zero and below a year.</summary>
    public static TimeSpan? Parse(string text)
    {
        var digits = text.TrimEnd([.. "abcdefghijklmnopqrstuvwxyz"]);
        foreach (var (unit, seconds) in Units)
        {
            if (text[digits.Length..] == unit
                && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds is > 0 and < 365 * 86400d)
            {
                // Rounded: 1.001s is 1001 ms, not a tick less.
                return TimeSpan.FromTicks((long)Math.Round(number * seconds * TimeSpan.TicksPerSecond));
            }
        }

        return null;
    }

    /// <summary>Two figures of it at most: <c>312 ms</c>, <c>4.2 s</c>, <c>12 min</c>, <c>3 h</c>, <c>2 d</c>.</summary>
    public static string Print(TimeSpan time) => time.TotalSeconds switch
    {
        < 0 => "0 ms",
        < 1 => Number(time.TotalMilliseconds, "0", "ms"),
        < 10 => Number(time.TotalSeconds, "0.#", "s"),
        < 100 => Number(time.TotalSeconds, "0", "s"),
        < 6000 => Number(time.TotalMinutes, "0", "min"),
        < 172800 => Number(time.TotalHours, "0", "h"),
        _ => Number(time.TotalDays, "0", "d"),
    };

    /// <summary>As it is typed: <c>10s</c>, <c>5m</c>.</summary>
    public static string Type(TimeSpan time) =>
        time.TotalSeconds >= 120 && time.TotalSeconds % 60 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0}m")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s");

    private static string Number(double value, string format, string unit) =>
        value.ToString(format, CultureInfo.InvariantCulture) + " " + unit;
}
