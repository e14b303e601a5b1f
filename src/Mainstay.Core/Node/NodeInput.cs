using Mainstay.Core.Fencing;
using Mainstay.Core.Groups;
using Mainstay.Core.Health;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Node;

/// <summary>Everything that can happen to an agent. The shell turns the outside world into these, one at a time.</summary>
public abstract record NodeInput
{
    private NodeInput()
    {
    }

    /// <summary>Time passed: the deadline the node asked for, or later.</summary>
    public sealed record Tick : NodeInput;

    /// <summary>The store as a whole at a revision: at start and whenever the watch had to begin anew.</summary>
    /// <param name="StoreId">The store's own identity, which another store in its place does not have; empty when it has none.</param>
    public sealed record StoreLoaded(ValueList<StoreEntry> Entries, long Revision, string StoreId) : NodeInput;

    /// <summary>Facts that changed, in the order of their revisions.</summary>
    public sealed record StoreChanged(ValueList<StoreEntry> Entries, long Revision) : NodeInput;

    /// <summary>The store answers linearizable requests, or not (no quorum, no route).</summary>
    public sealed record StoreReachable(bool Reachable, string Why) : NodeInput;

    public sealed record StorePersisted(OperationId Operation, StoreOutcome Outcome) : NodeInput;

    /// <summary>
    /// A linearizable read. An absent key comes as an entry with a null value and the revision at which the store was read.
    /// </summary>
    public sealed record StoreWasRead(OperationId Operation, Observed<ValueList<StoreEntry>> Entries) : NodeInput;

    public sealed record BeaconReported(BeaconReport Report) : NodeInput;

    /// <summary>
    /// The connection to the local beacon is up (again) or down. A beacon that came back knows nothing and is set up anew.
    /// </summary>
    public sealed record BeaconConnected(bool Connected) : NodeInput;

    public sealed record TokenArmed(OperationId Operation, bool Accepted) : NodeInput;

    public sealed record TokenRevoked(OperationId Operation, bool Accepted) : NodeInput;

    /// <summary>The local beacon's answer as a keeper; unknown when it did not answer.</summary>
    public sealed record ConsentAnswered(OperationId Operation, Observed<ConsentAnswer> Answer) : NodeInput;

    public sealed record GuestsListed(OperationId Operation, Observed<GuestInventory> Inventory) : NodeInput;

    /// <summary>The hypervisor reported a change of one guest.</summary>
    public sealed record GuestChanged(GuestObservation Guest) : NodeInput;

    /// <summary>One stamp for each disk that has one; disks without a place for a stamp, and without one yet, are left out.</summary>
    public sealed record StampsRead(OperationId Operation, Observed<ValueList<DiskStamp>> Stamps) : NodeInput;

    public sealed record GuestActed(OperationId Operation, GuestOutcome Outcome) : NodeInput;

    public sealed record DefinitionRead(OperationId Operation, Observed<GuestDefinition?> Definition) : NodeInput;

    public sealed record PowerRead(OperationId Operation, Observed<PowerState> Power) : NodeInput;

    public sealed record PowerSwitched(OperationId Operation, FenceOutcome Outcome) : NodeInput;

    public sealed record StorageRevoked(OperationId Operation, RevokeOutcome Outcome) : NodeInput;

    public sealed record StorageRestored(OperationId Operation, RestoreOutcome Outcome) : NodeInput;

    /// <summary>A measurement of this host. The session in it is filled in by the node.</summary>
    public sealed record LoadMeasured(long MemoryMiB, long UsedMiB, int LoadPercent, bool HypervisorOk) : NodeInput
    {
        public HostHealth Health { get; init; } = HostHealth.Unmeasured;

        /// <summary>Logical processors; 0 when not known.</summary>
        public int Cores { get; init; }

        /// <summary>The local time of this host; null when it does not say.</summary>
        public TimeSpan? TimeOfDay { get; init; }
    }

    /// <summary>What this host has of all that guests need; in the pages used, those of protected guests count as well.</summary>
    public sealed record OfferSeen(
        int Cpus, ValueList<PageOffer> Pages, ValueList<string> Has, ValueList<MissingItem> Lacks) : NodeInput;

    public sealed record Requested(OperationId Operation, AdminRequest Request) : NodeInput;
}
