using Mainstay.Core.Model;

namespace Mainstay.Core.Health;

/// <summary>What one host sees of the places where protected guests' disks lie.</summary>
/// <param name="Places">One entry for each directory of disks, and for each disk that is a device, ordered by place.</param>
/// <param name="Disks">The disks of the protected guests that the host owns, ordered by guest and disk.</param>
/// <param name="Mounts">What it has mounted over a network, whether or not disks are there, ordered by mount point.</param>
public sealed record HostStorage(ValueList<PlaceReading> Places, ValueList<DiskReading> Disks, ValueList<MountReading> Mounts)
{
    /// <summary>What guards its guests' disks besides QEMU: <c>lockd</c> or <c>sanlock</c>; null when nothing does.</summary>
    public string? LockManager { get; init; }
}

/// <summary>A directory of disks, or a disk that is a device, as one host sees it.</summary>
/// <param name="FileSystem">As the kernel calls it; null for a device, or when it is not known.</param>
/// <param name="Source">
/// What is mounted with the path below it, such as <c>nas:/guests/web</c>; null for a device, or when it is not known.
/// </param>
public sealed record PlaceReading(string Place, string? FileSystem, string? Source, PlaceSight Sight);

/// <summary>Whether a host has what the owner of the guests there has.</summary>
public abstract record PlaceSight
{
    private PlaceSight()
    {
    }

    /// <summary>
    /// The stamp that the owner of a guest wrote at its last start is there: it is the same storage, whatever the mounts are called.
    /// </summary>
    public sealed record Stamped : PlaceSight;

    /// <summary>A device, by the name that it has on every host.</summary>
    public sealed record Device(string Identity) : PlaceSight;

    /// <summary>Nothing is there, or something else.</summary>
    public sealed record Missing(string Why) : PlaceSight;

    /// <summary>Not looked at, or nothing there tells it from another: neither the same nor another (C6).</summary>
    public sealed record Unknown(string Why) : PlaceSight;
}

/// <summary>What a disk is.</summary>
public enum DiskKind
{
    File,
    Block,

    /// <summary>QEMU itself reaches it over a network: so do all hosts.</summary>
    Network,

    /// <summary>A volume of a pool, or something else whose place the definition does not tell.</summary>
    Other,
}

/// <summary>A disk of a guest on the host that owns it.</summary>
/// <param name="Place">Its directory, or itself when it is a device; null for other kinds.</param>
/// <param name="Unlocked">Why QEMU does not lock it, or locks it on this host alone; null when it does.</param>
public sealed record DiskReading(GroupId Guest, string Disk, DiskKind Kind, string? Place, string? Unlocked);

/// <summary>Something mounted over a network.</summary>
/// <param name="LeaseSeconds">For how long a server of NFS 4 keeps what a silent client has locked; null when it is not known.</param>
public sealed record MountReading(string Point, string FileSystem, string Source, int? LeaseSeconds);
