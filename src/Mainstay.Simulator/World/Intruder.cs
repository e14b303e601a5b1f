using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>Somebody on the management network who records, repeats and invents beacons, and has not got the cluster's key.</summary>
internal sealed class Intruder(VirtualWorld world)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends what the host sent last, in this session and in the one before, to everybody, again and again.</summary>
    public void Replay(SimHost host, TimeSpan time) => Repeat(time, () =>
    {
        foreach (var recorded in host.Beacon.Recorded)
        {
            foreach (var other in world.Hosts.Where(other => other != host))
                other.Beacon.Arrive(recorded, host, SimNetwork.Mgmt);
        }
    });

    /// <summary>
    /// Sends beacons in the name of one host to another, each newer than the one before, that acknowledge whatever that one sent last.
    /// Without the cluster's seal nobody believes them.
    /// </summary>
    public void Forge(SimHost name, SimHost to, TimeSpan time) => Repeat(time, () =>
    {
        if (world.Guards.ChecksSeals || world.SessionOf(name.Id) is not { } session)
            return;
        var forged = name.Beacon.Recorded[0];
        forged.Session = session.Session.Number;
        forged.Sequence += (ulong)Math.Max(1, world.ScenarioTime.TotalMilliseconds);
        forged.ClearAcknowledgements();
        forged.Add(new BeaconAcknowledgement((ushort)to.Number, (uint)to.Beacon.Recorded[0].Sequence));
        to.Beacon.Arrive(forged, name, SimNetwork.Mgmt);
    });

    private void Repeat(TimeSpan time, Action act)
    {
        for (var at = TimeSpan.Zero; at <= time; at += Period)
            world.After(at, () =>
            {
                world.Quiet.Disturb();
                act();
            });
    }
}
