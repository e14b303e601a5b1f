namespace Mainstay.Simulator.World;

/// <summary>The end of faults: everything that can be mended is mended. What the cluster made of it stays.</summary>
internal static class Healing
{
    public static void Network(VirtualWorld world) => world.ChangeNetwork(static net =>
    {
        net.HealNetwork(SimNetwork.Mgmt);
        net.HealNetwork(SimNetwork.Stor);
    });

    public static void Store(VirtualWorld world)
    {
        (world.Etcd.ExtraCommit, world.Etcd.WatchDelay, world.Etcd.LostAnswers) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        world.Etcd.SetOutage(false);
    }

    public static void Everything(VirtualWorld world)
    {
        Network(world);
        Store(world);
        world.Storage.Heal();
        foreach (var storage in world.Storages)
            storage.Set(StorageMode.Ok, TimeSpan.Zero); // Whom it cut off stays cut off: giving access back is the cluster's part.
        foreach (var guest in world.Guests)
            guest.Mend();
        foreach (var host in world.Hosts)
        {
            host.Bmc.Set(BmcMode.Ok, TimeSpan.Zero);
            host.Unhang();
            host.WakeUp();
            host.Ailments.Heal();
            foreach (var process in Enum.GetValues<HostProcess>())
            {
                host.Process(process).Resume();
                host.Process(process).Start();
            }

            host.PowerOn(world.Start.BootTime);
        }
    }
}
