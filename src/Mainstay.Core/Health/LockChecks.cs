using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Health;

/// <summary>
/// Judges the locks on guests' disks (V11), the last line if all else were wrong: that they are there, and that a dead host's do not hold
/// up a restart. What no host can see is said to be not known.
/// </summary>
internal static class LockChecks
{
    /// <summary>A lock of a dead host is in the way for so long, beside all the time it takes to prove its death.</summary>
    private const int LongestLease = 10;

    private const string OnServer = "on the server: cat /proc/fs/nfsd/nfsv4leasetime";

    public static IEnumerable<Finding> V11(CheckInputs inputs) => Leases(inputs).Concat(Unlocked(inputs)).Concat(Devices(inputs));

    private static IEnumerable<Finding> Leases(CheckInputs inputs)
    {
        var used =
            from reading in inputs.Readings
            from mount in reading.Storage?.Mounts ?? []
            where mount.FileSystem == StorageClasses.Nfs4 && HasDisks(reading.Storage, mount)
            where !WasExpired(inputs.View, mount.Point)
            group mount by mount.Source;
        foreach (var server in used.OrderBy(server => server.Key, StringComparer.Ordinal))
        {
            var known = server.Where(mount => mount.LeaseSeconds is not null).Select(mount => mount.LeaseSeconds ?? 0).ToArray();
            if (known.Length == 0)
                yield return new Finding("V11", FindingSeverity.Warn, null,
                    $"nobody knows for how long {server.Key} keeps the locks of a dead host", "not known",
                    $"look {OnServer}; 10 or less is good, 90 is usual");
            else if (known.Max() > LongestLease)
                yield return new Finding("V11", FindingSeverity.Warn, null,
                    $"{server.Key} keeps the locks of a dead host, and its guests do not start elsewhere meanwhile",
                    string.Create(CultureInfo.InvariantCulture, $"{known.Max()} s"),
                    "set lease-time and grace-time to 10 in the server's /etc/nfs.conf and restart it (look "
                        + $"{OnServer}), or name the storage with the agent nfs4, which expires them, and try it on a drained host");
        }
    }

    private static IEnumerable<Finding> Unlocked(CheckInputs inputs) =>
        from reading in inputs.Readings
        from disk in reading.Storage?.Disks ?? []
        where disk.Unlocked is not null
        group disk by (reading.Host, Why: disk.Unlocked ?? "") into of
        orderby of.Key.Host
        select new Finding("V11", FindingSeverity.Warn, of.Key.Host,
            $"nothing but Mainstay keeps a second QEMU from the disks of {StorageChecks.Some(of.Select(d => d.Guest.Name))}: "
                + of.Key.Why,
            StorageChecks.Some(of.Select(d => d.Disk)), "let QEMU lock them: change the definition or the mount, then start them anew");

    // S1: a device is locked by QEMU on its own host alone.
    private static IEnumerable<Finding> Devices(CheckInputs inputs) =>
        from reading in inputs.Readings
        where reading.Storage is { LockManager: null }
        from disk in reading.Storage?.Disks ?? []
        where disk.Kind == DiskKind.Block && !IsReserved(inputs.View, disk.Disk)
        group disk by reading.Host into of
        orderby of.Key
        select new Finding("V11", FindingSeverity.Warn, of.Key,
            $"nothing but Mainstay keeps a second host from the devices of {StorageChecks.Some(of.Select(d => d.Guest.Name))}",
            StorageChecks.Some(of.Select(d => d.Disk)),
            "set lock_manager = \"lockd\" in /etc/libvirt/qemu.conf with a shared file_lockspace_dir, or name the storage with the agent "
                + "scsi-pr");

    private static bool HasDisks(HostStorage? storage, MountReading mount) =>
        storage?.Places.Any(place => place.FileSystem == mount.FileSystem && StorageClasses.Lies(place.Place, mount.Point)) == true;

    private static bool IsReserved(ClusterView view, string disk) =>
        view.Storages.Values.Any(storage => storage.Value.Agent == "scsi-pr" && storage.Value.Holds(disk));

    // What a storage proved once it has done: its agent's way to expire a client was tried in earnest.
    private static bool WasExpired(ClusterView view, string point) => view.Storages.Any(storage =>
        storage.Value.Value.Agent == "nfs4"
        && storage.Value.Value.Covers.Any(c => StorageClasses.Lies(c, point) || StorageClasses.Lies(point, c))
        && view.Fences.Values.Any(fence => fence.Value.Proofs.OfType<Proof.Storage>().Any(proof => proof.Name == storage.Key)));
}
