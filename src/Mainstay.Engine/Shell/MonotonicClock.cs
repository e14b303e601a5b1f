using Mainstay.Core.Model;

namespace Mainstay.Engine.Shell;

/// <summary>This host's monotonic clock, counted from its boot: it never goes back and no one sets it.</summary>
public sealed class MonotonicClock(TimeProvider time)
{
    public Instant Now => new(time.GetElapsedTime(0));

    /// <summary>The local time, which somebody may set: nothing safe depends on it.</summary>
    public TimeSpan TimeOfDay => time.GetLocalNow().TimeOfDay;

    public TimeProvider Time => time;
}
