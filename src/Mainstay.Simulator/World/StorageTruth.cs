using Mainstay.Core.Lease;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>Who could write to the disks of a guest: the ground truth of a storage proof (S1).</summary>
internal static class StorageTruth
{
    /// <summary>The host is cut off from none of the disks.</summary>
    public static bool Reaches(VirtualWorld world, SimHost host, SimGuest guest) =>
        guest.Disks.All(disk => StorageOf(world, disk) is not { } storage || !storage.IsCutOff(host));

    /// <summary>
    /// This execution could write to some disk, now or as soon as it goes on. Who has merely lost the way to a disk may find it again.
    /// </summary>
    public static Predicate<Execution> CanWrite(VirtualWorld world) => execution => CanWrite(world, execution);

    /// <summary>As the other overload.</summary>
    public static bool CanWrite(VirtualWorld world, Execution execution) =>
        execution.Guest.Disks.IsEmpty
        || execution.Guest.Disks.Any(disk => StorageOf(world, disk) is not { } storage || storage.MayWrite(execution.Host));

    /// <summary>
    /// A second execution that harms nothing, by the policy of its guest: it cannot write and, unless that is allowed, it stands still, or
    /// its beacon is not there to hold it.
    /// </summary>
    public static bool IsHarmless(VirtualWorld world, Execution execution) =>
        !CanWrite(world, execution) && GroundTruth.Spec(world, execution.Guest.Id)?.StorageProof switch
        {
            StorageProofPolicy.Always => true,
            StorageProofPolicy.Frozen => IsHeld(execution),
            StorageProofPolicy.Never or null => false,
        };

    /// <summary>It is paused; or no living beacon could have paused it; or the lease there is past pausing, and it is killed.</summary>
    public static bool IsHeld(Execution execution) =>
        execution.Paused || !execution.Host.Beacon.Runs
        || execution.Host.Beacon.LeaseState is LeaseState.Waiting or LeaseState.Expired;

    /// <summary>The storage that a disk lies on; null for one from which nobody can be cut off.</summary>
    public static SimStorage? StorageOf(VirtualWorld world, string disk) =>
        Array.Find(world.Storages, storage => disk.StartsWith($"{storage.Path}/", StringComparison.Ordinal));
}
