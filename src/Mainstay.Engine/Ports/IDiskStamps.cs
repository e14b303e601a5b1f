using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Engine.Ports;

/// <summary>
/// Stamps beside the guests' disks, on the storage that the hosts share. Disks that are no files, and read-only ones, have no place for
/// one. A storage that hangs is Unknown, not "no stamp".
/// </summary>
public interface IDiskStamps
{
    /// <summary>Every stamp found; a disk without one adds nothing. A damaged stamp is Unknown.</summary>
    Task<Observed<ValueList<DiskStamp>>> Read(string definition, CancellationToken cancel);

    /// <summary>Done when every disk that has a place carries this stamp, on stable storage.</summary>
    Task<GuestOutcome> Write(string definition, DiskStamp stamp, CancellationToken cancel);

    /// <summary>Takes the stamps of this cluster away; others stay.</summary>
    Task<GuestOutcome> Remove(string definition, string clusterId, CancellationToken cancel);
}
