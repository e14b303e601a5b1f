using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;
using Mainstay.Core.Recovery;

namespace Mainstay.Engine.Ports;

/// <summary>The guests of this host. Every call ends within the adapter's time limit; a hung hypervisor is Unknown.</summary>
public interface IHypervisor : IAsyncDisposable
{
    /// <summary>
    /// Everything with a definition or a process here. Processes are scanned besides libvirt's answer, so that a QEMU that libvirt lost
    /// still counts as running.
    /// </summary>
    Task<Observed<GuestInventory>> List(CancellationToken cancel);

    /// <summary>Defines the domain with autostart off (replacing an older definition) and starts it.</summary>
    Task<GuestOutcome> Start(GroupId guest, string uuid, string definition, CancellationToken cancel);

    /// <summary>Done only when no process of the guest is left. Stopping a guest that does not run is Done.</summary>
    Task<GuestOutcome> Stop(GroupId guest, string uuid, StopMode mode, TimeSpan grace, CancellationToken cancel);

    /// <summary>Done when the agent in the running guest answers; anything else when it does not, or has none.</summary>
    Task<GuestOutcome> AskAgent(GroupId guest, string uuid, CancellationToken cancel);

    /// <summary>Removes the definition of a stopped guest, keeping its disks and NVRAM. Done when there is none.</summary>
    Task<GuestOutcome> Forget(GroupId guest, string uuid, CancellationToken cancel);

    Task<GuestOutcome> SetAutostart(GroupId guest, string uuid, bool autostart, CancellationToken cancel);

    /// <summary>A known null: no such domain here.</summary>
    Task<Observed<GuestDefinition?>> ReadDefinition(GroupId guest, CancellationToken cancel);

    /// <summary>Changes as they happen. Reconnects by itself; ends only on cancel.</summary>
    IAsyncEnumerable<HypervisorNews> Watch(CancellationToken cancel);

    /// <summary>Memory and load of the host.</summary>
    Task<Observed<HostMeasurement>> Measure(CancellationToken cancel);

    /// <summary>
    /// Which of these things this host has, as far as it can be found out within the limit: what is in neither list is unknown.
    /// </summary>
    Task<HostInventory> Look(ValueList<NeededItem> items, CancellationToken cancel);
}

/// <summary>What a host has of all that guests need.</summary>
/// <param name="Cpus">Processors; 0 when not known.</param>
/// <param name="Pages">Huge pages, ordered by size; those of protected guests count as used.</param>
/// <param name="Has">Ordered.</param>
/// <param name="Lacks">Ordered by item.</param>
public sealed record HostInventory(int Cpus, ValueList<PageOffer> Pages, ValueList<string> Has, ValueList<MissingItem> Lacks);

/// <summary>Memory in MiB; load in percent of all cores (0 to 100) since the last measurement.</summary>
public sealed record HostMeasurement(long MemoryMiB, long UsedMiB, int LoadPercent)
{
    /// <summary>Guests whose QEMU has not answered its monitor for ten seconds, ordered by name.</summary>
    public ValueList<string> StuckMonitors { get; init; }

    /// <summary>A small synchronous write on the slowest directory with guests' disks; null when not measured.</summary>
    public TimeSpan? DiskLatency { get; init; }

    /// <summary>Logical processors; 0 when not measured.</summary>
    public int Cores { get; init; }
}

/// <summary>What the hypervisor tells unasked.</summary>
public abstract record HypervisorNews
{
    private HypervisorNews()
    {
    }

    public sealed record GuestChanged(GuestObservation Guest) : HypervisorNews;

    /// <summary>Connected (again): list the guests, events may have been missed.</summary>
    public sealed record Connected : HypervisorNews;

    public sealed record Disconnected(string Why) : HypervisorNews;
}
