using Mainstay.Core.Model;

namespace Mainstay.Beacon.Native;

/// <summary>Time since this kernel booted, suspend included: a host that slept notices it as a stall of its own.</summary>
internal static unsafe class MonotonicClock
{
    public static Instant Now
    {
        get
        {
            Libc.TimeSpec time;
            if (Libc.ClockGetTime(Linux.ClockBootTime, &time) != 0)
                throw new InvalidOperationException("CLOCK_BOOTTIME cannot be read.");
            return new Instant(TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100)));
        }
    }
}
