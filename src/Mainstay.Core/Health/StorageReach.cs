using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Health;

/// <summary>Whether another host than the owner of a guest has its disks: without one nobody can start it elsewhere.</summary>
/// <param name="Hosts">That run guests.</param>
public sealed class StorageReach(ClusterView view, ValueList<HostReading> readings)
{
    private readonly SortedDictionary<HostId, OfHost?> seen = ByHost(readings);
    private readonly ValueList<HostId> hosts = view.Hosts.Keys.Where(host => !view.IsWitness(host)).ToValueList();

    /// <summary>
    /// The disks of guests that are seen running which no other host is known to have, by guest. What the owner has not told is left out:
    /// nothing is known of those.
    /// </summary>
    public IEnumerable<(HostId Owner, DiskReading Disk, DiskReach Reach)> Doubtful()
    {
        if (hosts.Count < 2)
            yield break; // There is no other host; other rules say so.
        foreach (var (group, own) in view.Ownerships)
        {
            if (own.Value is not { HasRun: true, Phase: OwnershipPhase.Claimed { Owner.Host: var owner } } || view.IsSuspended(group)
                || seen.GetValueOrDefault(owner) is not { } there)
                continue;
            foreach (var disk in there.Disks[group])
            {
                if (Of(owner, disk) is var reach and not DiskReach.Shared)
                    yield return (owner, disk, reach);
            }
        }
    }

    /// <summary>Why nobody can start the guest elsewhere.</summary>
    public static string Fault(HostId owner, DiskReading disk) => $"its disk {disk.Disk} is on storage of {owner} only";

    private DiskReach Of(HostId owner, DiskReading disk)
    {
        if (disk.Kind == DiskKind.Network)
            return new DiskReach.Shared();
        if (disk.Place is not { } place)
            return new DiskReach.Unknown("its definition does not say where it lies");
        if (PlaceOn(owner, place) is not { } own)
            return new DiskReach.Unknown($"{owner} has not looked at {place} yet");
        var unknown = new List<string>();
        foreach (var other in hosts.Where(host => host != owner))
        {
            switch (Compare(own, PlaceOn(other, place)))
            {
                case DiskReach.Shared shared:
                    return shared;
                case DiskReach.Unknown doubt:
                    unknown.Add($"{other}: {doubt.Why}");
                    break;
                case DiskReach.OneHost:
                    break;
            }
        }

        return unknown.Count == 0 ? new DiskReach.OneHost() : new DiskReach.Unknown(string.Join("; ", unknown));
    }

    private PlaceReading? PlaceOn(HostId host, string place) => seen.GetValueOrDefault(host)?.Places.GetValueOrDefault(place);

    // What is missing elsewhere says nothing as long as the owner itself does not show what should be there.
    private static DiskReach Compare(PlaceReading own, PlaceReading? other)
    {
        if (other is null)
            return new DiskReach.Unknown("no answer");
        if (own.Source == other.Source && StorageClasses.NamesTheSame(own.FileSystem, own.Source)
            && StorageClasses.NamesTheSame(other.FileSystem, other.Source))
            return new DiskReach.Shared();
        var shows = own.Sight is PlaceSight.Stamped or PlaceSight.Device;
        return other.Sight switch
        {
            PlaceSight.Stamped => new DiskReach.Shared(),
            PlaceSight.Device device when own.Sight is PlaceSight.Device mine =>
                mine.Identity == device.Identity ? new DiskReach.Shared() : new DiskReach.OneHost(),
            PlaceSight.Device => new DiskReach.Unknown($"{own.Place} is a device there"),
            PlaceSight.Missing when shows => new DiskReach.OneHost(),
            PlaceSight.Missing missing => new DiskReach.Unknown(missing.Why),
            PlaceSight.Unknown doubt => new DiskReach.Unknown(doubt.Why),
        };
    }

    private static SortedDictionary<HostId, OfHost?> ByHost(ValueList<HostReading> readings)
    {
        var sorted = new SortedDictionary<HostId, OfHost?>();
        foreach (var reading in readings)
            sorted[reading.Host] = reading.Storage is { } storage ? new OfHost(storage) : null;
        return sorted;
    }

    /// <summary>What a host said, by guest and by place: each is asked for once for every disk of the cluster.</summary>
    private sealed class OfHost(HostStorage storage)
    {
        public ILookup<GroupId, DiskReading> Disks { get; } = storage.Disks.ToLookup(disk => disk.Guest);

        public SortedDictionary<string, PlaceReading> Places { get; } = ByPlace(storage);

        private static SortedDictionary<string, PlaceReading> ByPlace(HostStorage storage)
        {
            var sorted = new SortedDictionary<string, PlaceReading>(StringComparer.Ordinal);
            foreach (var place in storage.Places)
                sorted.TryAdd(place.Place, place);
            return sorted;
        }
    }
}

/// <summary>Who has a disk besides the owner of its guest.</summary>
public abstract record DiskReach
{
    private DiskReach()
    {
    }

    /// <summary>At least one other host.</summary>
    public sealed record Shared : DiskReach;

    /// <summary>No other host of the cluster.</summary>
    public sealed record OneHost : DiskReach;

    public sealed record Unknown(string Why) : DiskReach;
}
