namespace Mainstay.Simulator.World;

/// <summary>
/// A host's hardware watchdog. The first feeding arms it for as long as the host has power; unfed it resets the host, hung or not.
/// </summary>
internal sealed class SimWatchdog(VirtualWorld world, SimHost host, TimeSpan? resetsAfter)
{
    private TimeSpan fedAt;
    private int life;

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
        Look(life, limit);
    }

    public void PowerLost()
    {
        Armed = false;
        life++;
    }

    private void Look(int of, TimeSpan limit) => world.At(fedAt + limit, () =>
    {
        if (of != life)
            return;
        if (world.Now < fedAt + limit)
            Look(of, limit);
        else
            host.Reset();
    });
}
