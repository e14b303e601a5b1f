namespace Mainstay.Simulator.World;

/// <summary>Who can hear whom, in truth.</summary>
internal static class Audibility
{
    /// <summary>Half or more of those who could decide, because the store serves them, may not hear this host.</summary>
    public static bool UnheardByHalf(VirtualWorld world, SimHost host)
    {
        if (!world.Network.Disturbed)
            return false;
        var (judges, deaf) = (0, 0);
        foreach (var other in world.Hosts)
        {
            if (other == host || (world.Etcd.HasLeader && !world.Etcd.Serves(other)))
                continue;
            judges++;
            if (world.Network.Troubled(host.Index, other.Index))
                deaf++;
        }

        return deaf * 2 >= judges;
    }
}
