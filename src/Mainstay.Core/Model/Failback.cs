using System.Globalization;

namespace Mainstay.Core.Model;

/// <summary>When a guest goes back to a host that it prefers.</summary>
public enum FailbackWhen
{
    /// <summary>Not by itself.</summary>
    Never,

    /// <summary>When both hosts have little to do.</summary>
    Idle,

    /// <summary>At certain hours.</summary>
    Window,
}

/// <summary>When a guest goes back to a host that it prefers; it is stopped there and started here.</summary>
/// <param name="From">Minute of the day at which the window opens, by the local time of the leader's host.</param>
/// <param name="To">Minute at which it closes; before <paramref name="From"/>: on the next day.</param>
public readonly record struct Failback(FailbackWhen When, int From, int To)
{
    private const int MinutesOfADay = 24 * 60;

    /// <summary><c>never</c>, <c>idle</c> or <c>window=22:00-05:00</c>; null when it is something else.</summary>
    public static Failback? Parse(string text) => text switch
    {
        "never" => default(Failback),
        "idle" => new Failback(FailbackWhen.Idle, 0, 0),
        _ => text.StartsWith("window=", StringComparison.Ordinal) && text["window=".Length..].Split('-') is [var from, var to]
            && Minute(from) is { } opens && Minute(to) is { } closes && opens != closes
                ? new Failback(FailbackWhen.Window, opens, closes)
                : null,
    };

    /// <summary>How long until its window is open at this time of day; zero while it is, or when it has none.</summary>
    public TimeSpan Until(TimeSpan timeOfDay)
    {
        var since = ((timeOfDay.TotalMinutes - From) % MinutesOfADay + MinutesOfADay) % MinutesOfADay;
        var length = (To - From + MinutesOfADay) % MinutesOfADay;
        return When != FailbackWhen.Window || since < length ? TimeSpan.Zero : TimeSpan.FromMinutes(MinutesOfADay - since);
    }

    public override string ToString() => When switch
    {
        FailbackWhen.Never => "never",
        FailbackWhen.Idle => "idle",
        FailbackWhen.Window => string.Create(
            CultureInfo.InvariantCulture, $"window={From / 60:00}:{From % 60:00}-{To / 60:00}:{To % 60:00}"),
    };

    private static int? Minute(string text) =>
        text.Length == 5 && text[2] == ':'
        && int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && hour < 24
        && int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var minute) && minute < 60
            ? (hour * 60) + minute
            : null;
}
