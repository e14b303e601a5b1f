using System.Globalization;

namespace Mainstay.Cli.Shell;

/// <summary>Moments for people: always UTC and marked so, because the hosts of a cluster and the person may have different zones.</summary>
internal static class TimeText
{
    public static string Exact(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Second(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Ago(DateTimeOffset time, TimeProvider clock) => DurationText.Print(clock.GetUtcNow() - time) + " ago";
}
