using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>S9 where a beacon acts on its lease: no guest is killed and no host reset while nothing keeps the hosts from hearing each
/// other.</summary>
internal sealed class LeaseChecker(VirtualWorld world, CheckerSet checks)
{
    // Longer than any lease lives, and a watchdog after it.
    private static readonly TimeSpan TroubleCounts = TimeSpan.FromSeconds(20);

    /// <summary>A beacon killed a guest.</summary>
    public void Killed(SimDomain domain, SimHost host)
    {
        if (Calm())
            checks.Violate("S9", $"the beacon of {host.Id} kills {domain.Guest.Id} although all beacons run and are heard");
    }

    public void WasReset(SimHost host)
    {
        if (!host.Hung && Calm())
            checks.Violate("S9", $"{host.Id} is reset although all beacons run and are heard");
    }

    // A renewal needs a beacon there and an acknowledgement back: two cuts of one direction each, with different keepers, end it as well.
    private bool Calm() => !world.Network.Disturbed && world.Now - world.LastNetworkChange > TroubleCounts && Array.TrueForAll(
        world.Hosts,
        host => host.Beacon.Runs && !host.Beacon.MayBeSilent && world.Now - host.LastTroubled > TroubleCounts
            && world.Now - host.Beacon.LastStarted > TroubleCounts);
}
