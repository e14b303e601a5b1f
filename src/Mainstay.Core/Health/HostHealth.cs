using Mainstay.Core.Model;

namespace Mainstay.Core.Health;

/// <summary>What an agent measures of its own host to find out whether it is gray: alive, but not well.</summary>
/// <param name="StuckMonitors">
/// Guests whose QEMU monitor has not answered for ten seconds although their process is there, ordered by name.
/// </param>
/// <param name="DiskLatency">
/// What a small synchronous write and its reading take on the slowest directory that holds guests' disks; one that hangs counts with the
/// limit of the measurement. Null when not measured.
/// </param>
/// <param name="LinkFlaps">How often a link of the beacons' networks went down in the last ten minutes.</param>
public sealed record HostHealth(ValueList<string> StuckMonitors, TimeSpan? DiskLatency, int LinkFlaps)
{
    public static readonly HostHealth Unmeasured = new([], null, 0);
}
