using System.Collections.Concurrent;
using Mainstay.Agent.Configuration;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Hypervisor.Libvirt;

namespace Mainstay.Agent.Storages;

/// <summary>
/// Looks where the disks of protected guests lie and whether this host has them. A storage that hangs takes one thread, and what was not
/// seen for a while is unknown.
/// </summary>
/// <param name="root">Where /proc, /sys, /etc and the disks lie: the root, but in tests.</param>
internal sealed class StorageSight(Func<ClusterView> view, HostId self, TimeProvider time, string root = "/")
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private readonly DeviceNames devices = new(root);
    private readonly ConcurrentDictionary<string, (PlaceReading Reading, long At)> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<GroupId, (long Revision, IReadOnlyList<GuestDisk> Disks)> read = [];
    private volatile Plan plan = new([], [], [], null);

    /// <summary>What is known now; waits for nothing.</summary>
    public HostStorage Read()
    {
        var now = plan;
        var places = now.Places.Select(place => seen.TryGetValue(place, out var last) && time.GetElapsedTime(last.At) < Lasts
            ? last.Reading
            : new PlaceReading(place, null, null, new PlaceSight.Unknown($"{place} was not looked at yet, or does not answer")));
        return new HostStorage(places.ToValueList(), now.Disks, now.Mounts) { LockManager = now.LockManager };
    }

    public async Task Run(CancellationToken cancel)
    {
        var looking = Task.CompletedTask;
        while (true)
        {
            var now = view();
            if (looking.IsCompleted)
            {
                await looking.ConfigureAwait(false);
                looking = Task.Run(() => Look(now), CancellationToken.None);
            }

            await Task.Delay(now.Loaded ? Every : Soon, time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Looks once. May take as long as a storage hangs.</summary>
    internal void Look(ClusterView now)
    {
        var mounts = new MountTable(Text("proc/self/mountinfo") ?? "", Text("proc/self/mountstats") ?? "");
        var (places, own) = (new SortedDictionary<string, Witness?>(StringComparer.Ordinal), new List<DiskReading>());
        foreach (var (group, spec) in now.Groups)
        {
            foreach (var disk in DisksOf(group, spec))
            {
                var place = disk.Kind switch
                {
                    DiskKind.File => Path.GetDirectoryName(disk.Source),
                    DiskKind.Block => disk.Source,
                    DiskKind.Network or DiskKind.Other => null,
                };
                if (place is not null && places.GetValueOrDefault(place) is null)
                    places[place] = disk.Kind == DiskKind.File ? WitnessOf(now, group, disk.Source) : null;
                if (OwnerOf(now, group) == self)
                    own.Add(new DiskReading(group, disk.Source, disk.Kind, place, disk.Unlocked ?? LocalLocks(mounts, disk)));
            }
        }

        foreach (var gone in read.Keys.Where(group => !now.Groups.ContainsKey(group)).ToArray())
            read.Remove(gone);
        foreach (var gone in seen.Keys.Where(place => !places.ContainsKey(place)).ToArray())
            seen.TryRemove(gone, out _);
        plan = new Plan([.. places.Keys], own.ToValueList(), mounts.OfNetwork.ToValueList(), LockManager());
        foreach (var (place, witness) in places)
            seen[place] = (LookAt(place, witness, mounts, now), time.GetTimestamp());
    }

    private PlaceReading LookAt(string place, Witness? witness, MountTable mounts, ClusterView now)
    {
        if (place.StartsWith("/dev/", StringComparison.Ordinal))
            return new PlaceReading(place, null, null, devices.Look(place));
        var mount = mounts.Of(place);
        return new PlaceReading(place, mount?.FileSystem, mount?.SourceOf(place), StampAt(place, witness, now));
    }

    private PlaceSight StampAt(string place, Witness? witness, ClusterView now)
    {
        if (witness is null)
            return new PlaceSight.Unknown($"no guest that runs has a disk in {place}");
        try
        {
            if (!Directory.Exists(At(place)))
                return new PlaceSight.Missing($"{place} does not exist there");
            var path = At(DiskStampText.PathBeside(witness.Disk));
            if (!File.Exists(path))
                return new PlaceSight.Missing($"{place} does not have the disks of {witness.Guest}");
            if (FileStamps.Stamp(path) is not { } stamp)
                return new PlaceSight.Unknown($"{path} is damaged");

            // A copy that was left behind carries an earlier epoch than the one in which the guest runs.
            return stamp.ClusterId == now.Settings?.Value.ClusterId
                && (stamp.Incarnation, stamp.Epoch.Number).CompareTo((witness.Incarnation, witness.Epoch.Number)) >= 0
                ? new PlaceSight.Stamped()
                : new PlaceSight.Missing($"{place} has an older copy of the disks of {witness.Guest}");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return new PlaceSight.Unknown(unread.Message);
        }
    }

    // Only a guest that is seen running has surely been stamped with the epoch of its record.
    private static Witness? WitnessOf(ClusterView now, GroupId group, string disk) =>
        now.Ownerships.GetValueOrDefault(group)?.Value is { HasRun: true, Phase: OwnershipPhase.Claimed } own && !now.IsSuspended(group)
            ? new Witness(group, disk, own.Incarnation, own.Epoch)
            : null;

    private static HostId? OwnerOf(ClusterView now, GroupId group) =>
        now.Ownerships.GetValueOrDefault(group)?.Value is { Phase: OwnershipPhase.Claimed { Owner.Host: var owner } } ? owner : null;

    private static string? LocalLocks(MountTable mounts, GuestDisk disk) =>
        disk.Kind == DiskKind.File ? mounts.Of(disk.Source)?.LocksAreLocal : null;

    private IReadOnlyList<GuestDisk> DisksOf(GroupId group, Stored<GroupSpec> spec)
    {
        if (!read.TryGetValue(group, out var known) || known.Revision != spec.ModRevision)
            read[group] = known = (spec.ModRevision, GuestDisks.Of(spec.Value.Definition));
        return known.Disks;
    }

    private string? LockManager()
    {
        foreach (var line in (Text("etc/libvirt/qemu.conf") ?? "").Split('\n'))
        {
            if (line.Split('#')[0].Split('=', 2) is [var name, var value] && name.Trim() == "lock_manager")
                return value.Trim().Trim('"') is { Length: > 0 } manager and not "nop" ? manager : null;
        }

        return null;
    }

    private string At(string path) => Path.Combine(root, path.TrimStart('/'));

    private string? Text(string place) => TextFile.Read(Path.Combine(root, place));

    /// <summary>A guest whose stamp tells the storage that it runs on from any other.</summary>
    private sealed record Witness(GroupId Guest, string Disk, long Incarnation, Epoch Epoch);

    private sealed record Plan(
        IReadOnlyList<string> Places, ValueList<DiskReading> Disks, ValueList<MountReading> Mounts, string? LockManager);
}
