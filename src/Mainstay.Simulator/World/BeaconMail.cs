using Mainstay.Core.Membership;

namespace Mainstay.Simulator.World;

/// <summary>Beacons of one host on their way, and what its kernel says when nobody listens.</summary>
internal sealed class BeaconMail(VirtualWorld world, SimHost host)
{
    private readonly RefusalLimit refusals = new(world.Start.Machines);

    public void Send(in BeaconPacket packet, SimHost[] peers)
    {
        foreach (var peer in peers)
        {
            SendTo(packet, peer);
            if (peer.Twin is { } twin)
                SendTo(packet, twin);
        }
    }

    /// <summary>Nobody listens here, but the kernel lives and says so.</summary>
    public void Refuse(SimHost to, int network)
    {
        if (world.Network.Open(host.Index, to.Index, network) && refusals.Take(to.Index, world.Now))
            to.Beacon.Refused(host.Number);
    }

    private void SendTo(in BeaconPacket packet, SimHost peer)
    {
        if (!world.Network.Disturbed)
        {
            Deliver(packet, peer, SimNetwork.Mgmt);
            return;
        }

        for (var network = 0; network < SimNetwork.Count; network++)
            SendOver(packet, peer, network);
    }

    private void SendOver(in BeaconPacket packet, SimHost peer, int network)
    {
        var net = world.Network;
        if (!net.Open(host.Index, peer.Index, network) || world.Chance.Happens(net.Loss(host.Index, peer.Index, network)))
            return;
        var delay = net.Delay(host.Index, peer.Index, network);
        if (delay == TimeSpan.Zero)
            Deliver(packet, peer, network);
        else
            SendLate(packet, peer, network, delay);
    }

    private void SendLate(BeaconPacket packet, SimHost peer, int network, TimeSpan delay) =>
        world.Quiet.After(delay, () => Deliver(packet, peer, network));

    private void Deliver(in BeaconPacket packet, SimHost peer, int network)
    {
        if (peer.Beacon.Runs && !packet.Crashed)
            world.Checks.Recoveries.Heard(peer, host, packet.Session, packet.Sequence);
        peer.Beacon.Arrive(packet, host, network);
    }
}
