using Mainstay.Core.Membership;

namespace Mainstay.Simulator.World;

/// <summary>The way of a beacon from one host to the others: over both networks, as they are right now.</summary>
internal static class BeaconAir
{
    public static void Send(VirtualWorld world, SimHost from, SimHost[] peers, in BeaconPacket packet)
    {
        foreach (var peer in peers)
        {
            SendTo(world, from, peer, packet);
            if (peer.Twin is { } twin)
                SendTo(world, from, twin, packet);
        }
    }

    private static void SendTo(VirtualWorld world, SimHost from, SimHost peer, in BeaconPacket packet)
    {
        if (!world.Network.Disturbed)
        {
            peer.Beacon.Arrive(packet, from, SimNetwork.Mgmt);
            return;
        }

        for (var network = 0; network < SimNetwork.Count; network++)
            SendOver(world, from, peer, network, packet);
    }

    private static void SendOver(VirtualWorld world, SimHost from, SimHost peer, int network, in BeaconPacket packet)
    {
        var net = world.Network;
        if (!net.Open(from.Index, peer.Index, network) || world.Chance.Happens(net.Loss(from.Index, peer.Index, network)))
            return;
        var delay = net.Delay(from.Index, peer.Index, network);
        if (delay == TimeSpan.Zero)
        {
            peer.Beacon.Arrive(packet, from, network);
            return;
        }

        var copy = packet;
        world.Quiet.After(delay, () => peer.Beacon.Arrive(copy, from, network));
    }
}
