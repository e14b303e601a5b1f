using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>
/// The clocks of one host, as Linux keeps them. The raw one runs at the rate of the quartz; a time service slews the monotonic one besides,
/// and that one stands still while the host sleeps. Origins differ from host to host and from boot to boot. Nothing here reads the wall
/// clock, so a jump of it changes nothing: there is none.
/// </summary>
internal sealed class SimClock(VirtualWorld world)
{
    private const double PerMillion = 1e-6;

    private TimeSpan since;
    private TimeSpan raw;
    private TimeSpan monotonic;
    private double drift = 1;
    private double slew = 1;
    private TimeSpan sleptBefore;
    private TimeSpan? asleepSince;
    private bool unnoticed;

    /// <summary>CLOCK_MONOTONIC_RAW and the time asleep: which no time service slews.</summary>
    public Instant Raw => new(raw + At(drift, world.Now - since));

    /// <summary>What the beacon goes by: the raw clock, unless a test takes one of its guards away.</summary>
    public Instant Beacon => (world.Guards.CountsUnslewed ? Raw : Monotonic + Slept) - (world.Guards.NoticesSleep ? TimeSpan.Zero : Slept);

    /// <summary>What the clock of the beacon said at a time since which nothing changed it.</summary>
    public Instant BeaconAt(TimeSpan time) => new(raw + At(drift, time - since));

    /// <summary>CLOCK_MONOTONIC: what the agent's runtime counts with.</summary>
    public Instant Monotonic => new(monotonic + At(drift * slew, world.Now - since) - Slept);

    /// <summary>In all since it booted.</summary>
    public TimeSpan Slept => sleptBefore + (asleepSince is { } at ? world.Now - at : TimeSpan.Zero);

    public bool Asleep => asleepSince is not null;

    /// <summary>A new boot: everything counts from a new origin.</summary>
    public void Restart(TimeSpan origin)
    {
        (since, raw, monotonic) = (world.Now, origin, origin);
        (sleptBefore, asleepSince) = (TimeSpan.Zero, null);
    }

    /// <summary>The quartz runs faster by so many millionths than it should; slower when negative.</summary>
    public void Drift(int perMillion) => Change(() => drift = 1 + (perMillion * PerMillion));

    /// <summary>The time service makes the monotonic clock faster or slower by so many millionths.</summary>
    public void Slew(int perMillion) => Change(() => slew = 1 + (perMillion * PerMillion));

    /// <param name="unnoticed">Whoever goes by these clocks afterwards finds that no time has passed.</param>
    public void FallAsleep(bool unnoticed) => (asleepSince, this.unnoticed) = (asleepSince ?? world.Now, unnoticed);

    /// <summary>How long it slept.</summary>
    public TimeSpan WakeUp()
    {
        var slept = asleepSince is { } at ? world.Now - at : TimeSpan.Zero;
        asleepSince = null;
        if (unnoticed)
            since += slept;
        else
            sleptBefore += slept;
        unnoticed = false;
        return slept;
    }

    /// <summary>
    /// When the clock of the beacon will say so, if nothing changes it before. The same whenever it is asked, so that no rounding adds up.
    /// </summary>
    public TimeSpan WhenBeacon(Instant at)
    {
        if (!world.Guards.CountsUnslewed || !world.Guards.NoticesSleep)
            return world.Now + Lasts(at - Beacon);
        var left = at.SinceOrigin - raw;
        if (drift == 1)
            return since + left;
        var when = since + (left / drift);
        while (raw + At(drift, when - since) < at.SinceOrigin)
            when += TimeSpan.FromTicks(1);
        return when;
    }

    /// <summary>How long this host takes for what its monotonic clock calls <paramref name="span"/>.</summary>
    public TimeSpan Lasts(TimeSpan span) => drift * slew is var rate && rate == 1 ? span : span / rate;

    private void Change(Action change)
    {
        world.Quiet.Disturb();
        (raw, monotonic) = (Raw.SinceOrigin, monotonic + At(drift * slew, world.Now - since));
        since = world.Now;
        change();
    }

    private static TimeSpan At(double rate, TimeSpan time) => rate == 1 ? time : time * rate;
}
