using System.Diagnostics;

namespace Mainstay.Lab.Guests;

/// <summary>Something a guest said on its serial port.</summary>
/// <param name="Timestamp">The machine's monotonic clock (<see cref="Stopwatch.GetTimestamp"/>) when the letter arrived.</param>
public abstract record GuestEvent(string Guest, string Host, long Timestamp)
{
    /// <summary>Its firmware gave it the processor.</summary>
    public sealed record Booted(string Guest, string Host, long Timestamp) : GuestEvent(Guest, Host, Timestamp);

    /// <summary>Its first beat after a boot: it runs and its disk works.</summary>
    public sealed record Spoke(string Guest, string Host, long Timestamp) : GuestEvent(Guest, Host, Timestamp);

    /// <summary>It found that another instance had written to its disk: a double run.</summary>
    public sealed record SawForeignWriter(string Guest, string Host, long Timestamp) : GuestEvent(Guest, Host, Timestamp);

    public sealed record DiskFailed(string Guest, string Host, long Timestamp) : GuestEvent(Guest, Host, Timestamp);

    /// <summary>Time from an earlier reading of the same clock.</summary>
    public TimeSpan Since(long start) => Stopwatch.GetElapsedTime(start, Timestamp);
}
