namespace Mainstay.Simulator.World;

/// <summary>
/// While every beacon runs, every network is whole and everybody hears everybody, beacons are a clockwork: each says what the one before it
/// said. Then they are not sent one by one. The agents get the reports that they would get, and the moment that anything happens which a
/// beacon could notice, the last beacons before it are sent after all, so that everybody knows what he would know. With the same facts as
/// when nothing is left out (<c>DeterminismTests</c>).
/// </summary>
internal sealed class QuietBeacons(VirtualWorld world)
{
    /// <summary>More than three beacons of everybody: what is known is renewed by the first, and told by the second.</summary>
    private static readonly TimeSpan Sent = TimeSpan.FromMilliseconds(400);

    private TimeSpan? quietSince;
    private TimeSpan? calmSince;
    private int underWay;

    /// <summary>False: nothing is left out.</summary>
    public bool Allowed { get; set; }

    /// <summary>No beacons are sent now.</summary>
    public bool IsOn => quietSince is not null;

    /// <summary>The beacons of a moment ago are being sent.</summary>
    public bool IsCatchingUp { get; private set; }

    /// <summary>Rises with every change of it.</summary>
    public int Round { get; private set; }

    /// <summary>A beacon takes its time on a slow network.</summary>
    public void After(TimeSpan delay, Action arrive)
    {
        underWay++;
        world.After(delay, () =>
        {
            underWay--;
            arrive();
        });
    }

    /// <summary>A regular report was made: it may become quiet.</summary>
    public void Consider()
    {
        if (!Allowed || IsOn)
            return;
        if (underWay > 0 || world.Network.Disturbed || !Array.TrueForAll(world.Hosts, host => host.Beacon.IsQuiet))
        {
            calmSince = null;
            return;
        }

        var calm = calmSince ??= world.Now;
        if (!Array.TrueForAll(world.Hosts, host => host.Beacon.LastReport > calm + Sent))
            return;
        quietSince = world.Now;
        Round++;
        foreach (var host in world.Hosts)
            host.Beacon.FallQuiet();
    }

    /// <summary>To be called before anything happens that a beacon could notice.</summary>
    public void Disturb()
    {
        calmSince = null;
        if (quietSince is not { } began)
            return;
        quietSince = null;
        Round++;
        var begin = world.Now - Sent > began ? world.Now - Sent : began;
        IsCatchingUp = true;
        world.Before(begin, () =>
        {
            foreach (var host in world.Hosts)
                host.Beacon.Leap(began, begin);
        });
        while (Next() is { } next)
            world.Before(next.NextWake, next.WakeUp);
        IsCatchingUp = false;
        foreach (var host in world.Hosts)
            host.Beacon.Resound();
    }

    /// <summary>Who woke up next, until now.</summary>
    private BeaconProcess? Next()
    {
        BeaconProcess? next = null;
        foreach (var host in world.Hosts)
        {
            if (host.Beacon.NextWake <= world.Now && (next is null || host.Beacon.NextWake < next.NextWake))
                next = host.Beacon;
        }

        return next;
    }
}
