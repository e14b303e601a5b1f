using Mainstay.Core.Model;

namespace Mainstay.Beacon.Native;

/// <summary>
/// Time since this kernel booted, suspend included. Its rate is that of the quartz alone: a time service slews CLOCK_MONOTONIC and
/// CLOCK_BOOTTIME by up to 10 % (adjtimex), CLOCK_MONOTONIC_RAW never.
/// </summary>
internal static unsafe class MonotonicClock
{
    private static TimeSpan slept;

    public static Instant Now => new(Read(Linux.ClockMonotonicRaw) + Slept);

    /// <summary>
    /// How long this host has been suspended in all since it booted: both clocks are slewed alike, and only one goes on while the host
    /// sleeps. A pause between the two readings makes it too short, never too long, so the longest one stands.
    /// </summary>
    public static TimeSpan Slept
    {
        get
        {
            var sinceBoot = Read(Linux.ClockBootTime);
            var awake = Read(Linux.ClockMonotonic);
            if (sinceBoot - awake > slept)
                slept = sinceBoot - awake;
            return slept;
        }
    }

    private static TimeSpan Read(int clock)
    {
        Libc.TimeSpec time;
        if (Libc.ClockGetTime(clock, &time) != 0)
            throw new InvalidOperationException($"The clock {clock} cannot be read.");
        return TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100));
    }
}
