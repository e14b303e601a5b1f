using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>How a world begins: all hosts joined, the protected guests adopted where they are.</summary>
internal sealed record StartState(
    ValueList<HostStart> Hosts,
    ValueList<GuestStart> Guests,
    TimingProfile Profile,
    ulong Seed,
    bool ImageLocks,
    TimeSpan BootTime)
{
    /// <summary>Storages from which hosts can be cut off.</summary>
    public ValueList<StorageStart> Storages { get; init; }
}

/// <param name="Fenced">It has a BMC the cluster may use.</param>
/// <param name="Watchdog">What its watchdog takes to reset it; null when it has none.</param>
internal sealed record HostStart(HostId Id, long MemoryMiB, bool Fenced, TimeSpan? Watchdog)
{
    /// <summary>It runs no guests and has no BMC.</summary>
    public bool Witness { get; init; }
}

/// <param name="Running">It runs at the start; otherwise it is only defined.</param>
internal sealed record GuestStart(
    GroupId Id, long MemoryMiB, HostId On, bool Protected, bool Running, bool Autostart, GuestShutdownPolicy OnShutdown)
{
    public IsolationPolicy OnIsolation { get; init; }

    public StorageProofPolicy StorageProof { get; init; }

    /// <summary>The storage of each of its disks, or <c>local</c>.</summary>
    public ValueList<string> Disks { get; init; }

    public RepeatedLossPolicy OnRepeatedLoss { get; init; }
}
