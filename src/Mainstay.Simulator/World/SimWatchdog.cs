namespace Mainstay.Simulator.World;

/// <summary>
/// A host's watchdog. The first feeding arms it for as long as the host has power; unfed it resets the host, hung or not. One that is
/// only a timer of the kernel resets no host that hangs.
/// </summary>
internal sealed class SimWatchdog(VirtualWorld world, SimHost host, TimeSpan? configured, bool isSoftdog)
{
    private readonly TimeSpan? resetsAfter = isSoftdog && world.Guards.RefusesSoftdog ? null : configured;
    private TimeSpan fedAt;
    private int looks;

    /// <summary>As measured on this host, with the margin of a fifth that is added to it; null when it has none.</summary>
    public TimeSpan? Reset => resetsAfter * 1.2;

    public bool Armed { get; private set; }

    public void Feed()
    {
        if (resetsAfter is not { } limit)
            return;
        fedAt = world.Now;
        if (Armed)
            return;
        Armed = true;
        Look(++looks, limit);
    }

    /// <summary>It stood still while its host slept.</summary>
    public void Slept(TimeSpan time)
    {
        fedAt += time;
        if (Armed && resetsAfter is { } limit)
            Look(++looks, limit);
    }

    /// <summary>The kernel schedules again, and its timers with it.</summary>
    public void Unhung() => Slept(TimeSpan.Zero);

    public void PowerLost()
    {
        Armed = false;
        looks++;
    }

    private void Look(int of, TimeSpan limit) => world.At(fedAt + limit, () =>
    {
        if (of != looks || host.Clocks.Asleep || (isSoftdog && host.Hung))
            return;
        if (world.Quiet.IsOn)
            fedAt = world.Now - world.Profile.BeaconPeriod; // At the latest.
        if (world.Now < fedAt + limit)
            Look(of, limit);
        else
            host.Reset();
    });
}
