using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Health;

/// <summary>What it is worth that a storage cut a host off, by what is mounted where its disks lie.</summary>
public static class StorageClasses
{
    /// <summary>The kernel's name for NFS 2 and 3: they have no state, so what a client sent is written whoever was denied since.</summary>
    public const string Stateless = "nfs";

    public const string Nfs4 = "nfs4";

    private const string Ceph = "ceph";

    private static readonly string[] OfNetworks =
        [Stateless, Nfs4, Ceph, "cifs", "smb3", "afs", "fuse.glusterfs", "lustre", "beegfs"];

    private static readonly string[] OwnNames = ["localhost:", "127.", "[::1]", "//localhost/"];

    /// <summary>It comes from a server.</summary>
    public static bool IsOfNetwork(string? fileSystem) => fileSystem is not null && OfNetworks.Contains(fileSystem);

    /// <summary>Two hosts that mount it see the same: the source has a name that means the same on all of them.</summary>
    public static bool NamesTheSame(string? fileSystem, string? source) => IsOfNetwork(fileSystem) && source is not null
        && !OwnNames.Any(own => source.StartsWith(own, StringComparison.Ordinal));

    /// <summary>Why this agent's word about disks on such a file system proves nothing; null when it does.</summary>
    public static string? Objection(string agent, string fileSystem) => (agent, fileSystem) switch
    {
        (_, Stateless) => "NFS 3 has no barrier: what the host sent before it was cut off may be written afterwards",
        ("nfs4", Nfs4) or ("ceph", Ceph) => null,
        ("nfs4", _) => $"nfs4 cuts off clients of a server of NFS 4, and this is {fileSystem}",
        ("ceph", _) => $"ceph cuts off clients of a Ceph cluster, and this is {fileSystem}",
        _ when IsOfNetwork(fileSystem) => $"{agent} cuts off from disks, and this is {fileSystem}",
        _ => null,
    };

    /// <summary>Why a storage must not be named so; null when nothing that is mounted anywhere speaks against it.</summary>
    public static string? AgainstStorage(StorageConfig config, ValueList<HostReading> readings)
    {
        foreach (var reading in readings)
        {
            foreach (var (place, fileSystem) in CoveredBy(config, reading.Storage))
            {
                if (Objection(config.Agent, fileSystem) is { } why)
                    return $"{why} ({place} on {reading.Host}). {Mend(fileSystem)}";
            }
        }

        return null;
    }

    /// <summary>
    /// Why a guest with these disks must not run elsewhere as soon as they are cut off; null when nothing known speaks against it. The
    /// policy <c>frozen</c> is refused nowhere: without a proof it waits.
    /// </summary>
    public static string? AgainstAlways(ValueList<string> disks, ValueList<HostReading> readings)
    {
        foreach (var disk in disks)
        {
            foreach (var reading in readings)
            {
                if (FileSystemOf(reading.Storage, disk) == Stateless)
                    return $"{disk} is on NFS 3 ({reading.Host}), which has no barrier: what the old host sent before it was cut off may "
                        + "be written into the guest's second life. Mount it with NFS 4 (vers=4.2) on every host, or use --storage-proof "
                        + "frozen";
            }
        }

        return null;
    }

    /// <summary>What a path lies on as that host sees it; null when it did not say.</summary>
    public static string? FileSystemOf(HostStorage? storage, string path)
    {
        if (storage is null || !path.StartsWith('/'))
            return null;
        var place = storage.Places.FirstOrDefault(p => p.Place == path || p.Place == Directory(path));
        return place?.FileSystem ?? storage.Mounts.Where(m => Lies(path, m.Point)).MaxBy(m => m.Point.Length)?.FileSystem;
    }

    /// <summary>What to do about a file system that proves nothing.</summary>
    public static string Mend(string fileSystem) => fileSystem == Stateless
        ? "Mount it with NFS 4 (vers=4.2) on every host; with NFS 3 only another proof than that of the storage starts its guests elsewhere"
        : "Name the storage with the agent that fits it, or remove it (mainstay storage remove)";

    internal static bool Lies(string path, string point) =>
        point == "/" || path == point || (path.StartsWith(point, StringComparison.Ordinal) && path[point.Length] == '/');

    // What lies on the storage by its prefixes, and what is mounted at or below one, or above it and nearest to it.
    private static IEnumerable<(string Place, string FileSystem)> CoveredBy(StorageConfig config, HostStorage? storage)
    {
        foreach (var place in storage?.Places ?? [])
        {
            if (place.FileSystem is { } fileSystem && config.Holds(place.Place))
                yield return (place.Place, fileSystem);
        }

        foreach (var mount in storage?.Mounts ?? [])
        {
            if (config.Holds(mount.Point) || config.Covers.Any(c => FileSystemOf(storage, c) == mount.FileSystem && Lies(c, mount.Point)))
                yield return (mount.Point, mount.FileSystem);
        }
    }

    private static string Directory(string path) => path.LastIndexOf('/') is var last && last > 0 ? path[..last] : "/";
}
