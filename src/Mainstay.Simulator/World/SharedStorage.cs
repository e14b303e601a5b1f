using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>The store of the guests' disks.</summary>
/// <param name="imageLocks">
/// QEMU's locks on images work here: a second execution fails instead of writing. Off by default, so that the protocol itself is on trial.
/// </param>
internal sealed class SharedStorage(int hosts, bool imageLocks)
{
    private readonly bool[] cut = new bool[hosts];
    private readonly SortedDictionary<GroupId, DiskStamp> stamps = [];

    /// <summary>What stands beside the guest's disk; null when nothing does.</summary>
    public DiskStamp? StampOf(GroupId guest) => stamps.GetValueOrDefault(guest);

    public void Stamp(GroupId guest, DiskStamp stamp) => stamps[guest] = stamp;

    public void RemoveStamp(GroupId guest) => stamps.Remove(guest);

    public bool ImageLocks => imageLocks;

    /// <summary>Lost by every host.</summary>
    public bool Outage { get; set; }

    public bool Accessible(int host) => !Outage && !cut[host];

    public void SetCut(int host, bool isCut) => cut[host] = isCut;

    public void Heal()
    {
        Outage = false;
        Array.Clear(cut);
    }
}
