using Mainstay.Core.Model;

namespace Mainstay.Core.Lease;

/// <summary>The keepers as a beacon is told of them, by host number.</summary>
/// <param name="Epoch">Of the set; reported back, so that the cluster knows who works with it.</param>
/// <param name="Members">The set. Renewal and consent need a majority of it.</param>
/// <param name="Previous">The set before, while a change is under way: then a majority of it is needed as well. Else empty.</param>
/// <param name="Registered">The incarnation of this host's beacon that the store knows; 0 when none. Only that one acknowledges.</param>
public sealed record KeeperDuty(long Epoch, ValueList<int> Members, ValueList<int> Previous, ulong Registered)
{
    public static readonly KeeperDuty None = new(0, [], [], 0);
}
