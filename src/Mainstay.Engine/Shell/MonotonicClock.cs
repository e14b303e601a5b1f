using Mainstay.Core.Model;

namespace Mainstay.Engine.Shell;

/// <summary>This host's monotonic clock, counted from its boot: it never goes back and no one sets it.</summary>
public sealed class MonotonicClock(TimeProvider time)
{
    public Instant Now => new(time.GetElapsedTime(0));

    public TimeProvider Time => time;
}
