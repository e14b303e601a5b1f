using System.Globalization;

namespace Mainstay.Simulator.Language;

/// <summary>Values with units, as scenario files write them.</summary>
internal static class Values
{
    private static readonly (string Unit, double Seconds)[] TimeUnits = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary><c>300ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>; at most a day.</summary>
    public static bool TryTime(string text, out TimeSpan time)
    {
        time = default;
        foreach (var (unit, seconds) in TimeUnits)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal) || !TryNumber(text[..^unit.Length], out var number))
                continue;
            if (number * seconds > 86_400)
                return false;
            time = TimeSpan.FromMilliseconds(Math.Round(number * seconds * 1000));
            return true;
        }

        return false;
    }

    /// <summary><c>8G</c> or <c>512M</c>, in MiB.</summary>
    public static bool TryMemory(string text, out long mebibytes)
    {
        mebibytes = 0;
        var factor = text.EndsWith('G') ? 1024 : text.EndsWith('M') ? 1 : 0;
        if (factor == 0 || !TryCount(text[..^1], out var number) || number == 0)
            return false;
        mebibytes = (long)number * factor;
        return true;
    }

    public static bool TryPercent(string text, out int percent)
    {
        percent = 0;
        return text.EndsWith('%') && TryCount(text[..^1], out percent) && percent <= 100;
    }

    /// <summary><c>1000ppm</c> or <c>-500ppm</c>; no time service slews a clock by more than a tenth.</summary>
    public static bool TryPerMillion(string text, out int millionths)
    {
        millionths = 0;
        return text.EndsWith("ppm", StringComparison.Ordinal)
            && int.TryParse(text[..^3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out millionths)
            && Math.Abs(millionths) <= 100_000;
    }

    public static bool TryCount(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 1_000_000;

    public static string Text(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + "ms"
        : time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s";

    private static bool TryNumber(string text, out double number) => double.TryParse(
        text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
