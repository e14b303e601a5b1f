namespace Mainstay.Contracts.Api;

/// <summary>What one host sees of the places where protected guests' disks lie.</summary>
public sealed record HostStorageReading
{
    /// <summary>Directories of disks, and disks that are devices, ordered.</summary>
    public required IReadOnlyList<StoragePlace> Places { get; init; }

    /// <summary>The disks of the protected guests that the host owns.</summary>
    public required IReadOnlyList<StorageDisk> Disks { get; init; }

    /// <summary>What it has mounted over a network.</summary>
    public required IReadOnlyList<StorageMount> Mounts { get; init; }

    /// <summary>libvirt's lock manager there: <c>lockd</c> or <c>sanlock</c>; null when it has none.</summary>
    public string? LockManager { get; init; }
}

/// <summary>A directory of disks, or a disk that is a device.</summary>
public sealed record StoragePlace
{
    public required string Place { get; init; }

    /// <summary>As the kernel calls it; null for a device, or when it is not known.</summary>
    public string? FileSystem { get; init; }

    /// <summary>What is mounted with the path below it; null for a device, or when it is not known.</summary>
    public string? Source { get; init; }

    /// <summary>
    /// <c>stamped</c>: the stamp of a guest that runs is there; <c>device</c>: one with a name that is the same on every host;
    /// <c>missing</c>: nothing is there, or something else; <c>unknown</c>.
    /// </summary>
    public required string Sight { get; init; }

    /// <summary>The device's name; why it is missing or unknown; null for one that is stamped.</summary>
    public string? Text { get; init; }
}

/// <summary>A disk of a guest.</summary>
public sealed record StorageDisk
{
    public required string Guest { get; init; }

    public required string Disk { get; init; }

    /// <summary><c>file</c>, <c>block</c>, <c>network</c> or <c>other</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its directory, or itself when it is a device; null for other kinds.</summary>
    public string? Place { get; init; }

    /// <summary>Why QEMU does not lock it, or on this host alone; null when it does.</summary>
    public string? Unlocked { get; init; }
}

/// <summary>Something mounted over a network.</summary>
public sealed record StorageMount
{
    public required string Point { get; init; }

    public required string FileSystem { get; init; }

    public required string Source { get; init; }

    /// <summary>For how long a server of NFS 4 keeps what a silent client has locked; null when it is not known.</summary>
    public int? LeaseSeconds { get; init; }
}
