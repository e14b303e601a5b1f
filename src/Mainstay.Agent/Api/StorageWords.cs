using Mainstay.Contracts.Api;
using Mainstay.Core.Health;
using Mainstay.Core.Model;

namespace Mainstay.Agent.Api;

/// <summary>What a host sees of storages, as it goes from agent to agent and back.</summary>
internal static class StorageWords
{
    public static HostStorageReading Told(HostStorage seen) => new()
    {
        Places = [.. seen.Places.Select(Told)],
        Disks = [.. seen.Disks.Select(disk => new StorageDisk
        {
            Guest = disk.Guest.Name, Disk = disk.Disk, Kind = Word(disk.Kind), Place = disk.Place, Unlocked = disk.Unlocked,
        })],
        Mounts = [.. seen.Mounts.Select(mount => new StorageMount
        {
            Point = mount.Point, FileSystem = mount.FileSystem, Source = mount.Source, LeaseSeconds = mount.LeaseSeconds,
        })],
        LockManager = seen.LockManager,
    };

    /// <summary>A word that this build does not know is unknown, never good.</summary>
    public static HostStorage Read(HostStorageReading said) => new(
        said.Places.Select(place => new PlaceReading(place.Place, place.FileSystem, place.Source, Sight(place))).ToValueList(),
        said.Disks.Select(disk => new DiskReading(new GroupId(disk.Guest), disk.Disk, Kind(disk.Kind), disk.Place, disk.Unlocked))
            .ToValueList(),
        said.Mounts.Select(mount => new MountReading(mount.Point, mount.FileSystem, mount.Source, mount.LeaseSeconds)).ToValueList())
    {
        LockManager = said.LockManager,
    };

    private static StoragePlace Told(PlaceReading place)
    {
        var (word, text) = place.Sight switch
        {
            PlaceSight.Stamped => ("stamped", null),
            PlaceSight.Device device => ("device", device.Identity),
            PlaceSight.Missing missing => ("missing", missing.Why),
            PlaceSight.Unknown unknown => ("unknown", (string?)unknown.Why),
            _ => throw new InvalidOperationException("Unknown sight of a place."),
        };
        return new StoragePlace { Place = place.Place, FileSystem = place.FileSystem, Source = place.Source, Sight = word, Text = text };
    }

    private static PlaceSight Sight(StoragePlace place) => (place.Sight, place.Text) switch
    {
        ("stamped", _) => new PlaceSight.Stamped(),
        ("device", { } identity) => new PlaceSight.Device(identity),
        ("missing", var why) => new PlaceSight.Missing(why ?? "it is not there"),
        (_, var why) => new PlaceSight.Unknown(why ?? "it does not say"),
    };

    private static string Word(DiskKind kind) => kind switch
    {
        DiskKind.File => "file",
        DiskKind.Block => "block",
        DiskKind.Network => "network",
        DiskKind.Other => "other",
    };

    private static DiskKind Kind(string word) => word switch
    {
        "file" => DiskKind.File,
        "block" => DiskKind.Block,
        "network" => DiskKind.Network,
        _ => DiskKind.Other,
    };
}
