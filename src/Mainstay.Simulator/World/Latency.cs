namespace Mainstay.Simulator.World;

/// <summary>How long things take in the virtual world, about as on real hosts, and the time limits of the adapters.</summary>
internal static class Latency
{
    public static readonly TimeSpan AgentRestart = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan BeaconRestart = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan DaemonRestart = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Boot = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan StoreLate = TimeSpan.FromSeconds(9);
    public static readonly TimeSpan StoreSilence = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan BeaconLimit = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan PowerReadLimit = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan PowerOffLimit = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan StorageLimit = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ListLimit = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan GuestLimit = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(2);

    public static TimeSpan Local(Chance chance) => chance.Milliseconds(0.1, 0.8);

    public static TimeSpan StoreHop(Chance chance) => chance.Milliseconds(0.2, 1.0);

    public static TimeSpan StoreCommit(Chance chance) => chance.Milliseconds(1, 4);

    public static TimeSpan Election(Chance chance) => chance.Milliseconds(300, 700);

    public static TimeSpan BmcRead(Chance chance) => chance.Milliseconds(80, 300);

    public static TimeSpan BmcOff(Chance chance) => chance.Milliseconds(150, 500);

    public static TimeSpan StorageAct(Chance chance) => chance.Milliseconds(20, 150);

    public static TimeSpan Hook(Chance chance) => chance.Milliseconds(20, 60);

    public static TimeSpan Spawn(Chance chance) => chance.Milliseconds(300, 1000);

    public static TimeSpan Destroy(Chance chance) => chance.Milliseconds(50, 200);

    public static TimeSpan GuestShutdown(Chance chance) => chance.Milliseconds(1000, 3000);

    public static TimeSpan Listing(Chance chance) => chance.Milliseconds(5, 20);
}
