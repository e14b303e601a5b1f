using Mainstay.Core.Health;
using Mainstay.Core.Lease;
using Mainstay.Core.Ordering;

namespace Mainstay.Core.Model;

/// <summary>A fact of the cluster, kept in the store. Every case is immutable and compared by content.</summary>
public abstract record StoreValue
{
    private protected StoreValue()
    {
    }
}

/// <summary>How patient the cluster is before it fences on silence alone.</summary>
public enum TimingProfile
{
    Aggressive,
    Balanced,
    Conservative,
}

/// <summary>Cluster-wide settings. <paramref name="Armed"/> false: nothing is fenced, moved or restarted by itself.</summary>
/// <param name="Incarnation">Rises when the store is restored from a backup.</param>
/// <param name="DisarmReason">Why it is disarmed; empty when armed.</param>
public sealed record ClusterSettings(
    string Name, string ClusterId, long Incarnation, TimingProfile Profile, bool Armed, string DisarmReason) : StoreValue
{
    /// <summary>For which losses room is kept.</summary>
    public CapacityPolicy Capacity { get; init; } = CapacityPolicy.Default;
    public const int DefaultVcpusPerCpu = 4;

    /// <summary>So many virtual processors may share a processor of a host; 0: any number.</summary>
    public int VcpusPerCpu { get; init; } = DefaultVcpusPerCpu;
}

/// <summary>The agent that leads, by session. Not safety-critical: two may believe it, guards decide (S3).</summary>
public sealed record LeaderRecord(HostSession Holder) : StoreValue;

/// <summary>One way to fence a host: a fence agent and its options. Secret options are stored sealed by the adapter, never shown.</summary>
/// <param name="Agent">The agent's name, such as <c>fence_ipmilan</c>.</param>
/// <param name="Options">Names and values, ordered by name.</param>
public sealed record FenceMethod(string Name, string Agent, ValueList<FenceOption> Options);

/// <summary>One option of a fence method; <paramref name="Secret"/> ones are never printed.</summary>
public sealed record FenceOption(string Name, string Value, bool Secret);

/// <summary>A member of the cluster as configured.</summary>
/// <param name="Number">Small number of the host in beacons, 1 to 65,535, never reused while the host is a member.</param>
/// <param name="Addresses">One address per network the beacons use, best first.</param>
/// <param name="ApiPort">TCP port of the agent's API.</param>
/// <param name="Maintenance">Never fenced, receives no guests.</param>
public sealed record HostConfig(
    int Number, ValueList<string> Addresses, int ApiPort, ValueList<FenceMethod> FenceMethods, bool Maintenance) : StoreValue
{
    /// <summary>It votes in the store, observes and keeps leases, and never runs guests: its death has to be proved to nobody.</summary>
    public bool Witness { get; init; }

    /// <summary>In maintenance it lets go of the guests that have a place elsewhere, a few at a time.</summary>
    public bool Draining { get; init; }

    /// <summary>Ordered; at most one of a key.</summary>
    public ValueList<HostLabel> Labels { get; init; }
}

/// <summary>
/// Where a session stands. It may return from Fencing to Online while nothing proves its death and no keeper has consented to it
/// (<c>docs/decisions/0010</c>); Fenced and Left are final: the host joins again with a new session.
/// </summary>
public enum SessionState
{
    /// <summary>A member: may claim and run groups.</summary>
    Online,

    /// <summary>Declared silent; fencing runs and proofs are collected.</summary>
    Fencing,

    /// <summary>A proof exists that the session can run nothing any more.</summary>
    Fenced,

    /// <summary>Left in order: stopped or released everything itself.</summary>
    Left,
}

/// <summary>What becomes of the guests of a host that is shut down in order.</summary>
public enum LeavePolicy
{
    /// <summary>They are started on other hosts; those without a place there are kept.</summary>
    Move,

    /// <summary>They are shut down, stay so, and are started there again when the host returns.</summary>
    Keep,
}

/// <summary>The current life of a host.</summary>
public sealed record SessionRecord(SessionId Session, BootId Boot, SessionState State) : StoreValue
{
    /// <summary>
    /// The incarnation of the store that knows this session. One of an earlier incarnation comes out of a backup: it is not the host's
    /// word.
    /// </summary>
    public long Incarnation { get; init; } = 1;

    /// <summary>What its beacon keeps to when the keepers do not hear it; null when it promises nothing.</summary>
    public LeasePromise? Lease { get; init; }

    /// <summary>What the firmware of the machine calls it; null when it says nothing usable.</summary>
    public string? Hardware { get; init; }

    /// <summary>It is about to leave in order and takes no guests any more; null while it stays.</summary>
    public LeavePolicy? Leaving { get; init; }
}

/// <summary>A host's word that it runs nothing any more once its lease is too old. Never made before its beacon keeps to it.</summary>
/// <param name="KeepersEpoch">The keeper set that its beacon works with.</param>
public sealed record LeasePromise(LeaseTerms Terms, long KeepersEpoch);

/// <summary>Why a session was declared dead and what proves it. Proofs are only ever added.</summary>
public sealed record FenceRecord(string Reason, ValueList<Proof> Proofs) : StoreValue
{
    /// <summary>Members that were heard when fencing began: one that fell silent since may be the one that was switched off.</summary>
    public ValueList<HostId> Heard { get; init; }

    /// <summary>
    /// Its power was read as on while it was silent: it hung, or was cut off. False when it was off from the first reading, or when
    /// nobody could tell.
    /// </summary>
    public bool SeenOn { get; init; }

    /// <summary>Keepers that will never acknowledge this session again, ordered by host.</summary>
    public ValueList<KeeperConsent> Consents { get; init; }

    /// <summary>
    /// Storages that it is being cut off from, ordered. Written before the first command is given: from then on the session cannot return.
    /// </summary>
    public ValueList<string> Revocations { get; init; }

    /// <summary>Guests of it run on in isolation, so that only a proof for all guests ends the fencing.</summary>
    public bool RunsOn { get; init; }

    /// <summary>Keepers that will never acknowledge it again and have not for its freezing time, ordered by host.</summary>
    public ValueList<KeeperConsent> Silences { get; init; }

    /// <summary>Something was done to it, before the store was restored, that cannot be undone: it cannot go on.</summary>
    public bool Spent { get; init; }

    /// <summary>What shows that a living beacon there must have paused its guests; null while nothing does.</summary>
    public string? Frozen { get; init; }
}

/// <summary>One keeper's consent, good while the store still knows that incarnation of its beacon.</summary>
public sealed record KeeperConsent(HostId Keeper, ulong Incarnation);

/// <summary>The hosts that keep the leases. While a set is being changed, majorities of both are needed.</summary>
/// <param name="Epoch">Rises with every change.</param>
/// <param name="Previous">The set before, until every session works with the new one; empty else.</param>
public sealed record KeeperSet(long Epoch, ValueList<HostId> Members, ValueList<HostId> Previous) : StoreValue;

/// <summary>The current life of a host's beacon as a keeper. Registered before that beacon acknowledges anybody.</summary>
public sealed record KeeperRecord(ulong Incarnation) : StoreValue;

/// <summary>What the administrator, or the guest itself, wants.</summary>
public enum DesiredState
{
    Running,
    Stopped,
}

/// <summary>What follows when the guest shuts itself down or is shut down with virsh.</summary>
public enum GuestShutdownPolicy
{
    /// <summary>It stays down until somebody starts it (default).</summary>
    StayDown,

    /// <summary>It is started again.</summary>
    Restart,
}

/// <summary>What happens to a guest on a host that the majority of keepers does not hear any more.</summary>
public enum IsolationPolicy
{
    /// <summary>It is paused, and killed when the isolation lasts (default): then it may run elsewhere by the lease alone.</summary>
    FreezeThenKill,

    /// <summary>It runs on. It runs elsewhere only after another proof than the lease.</summary>
    Keep,

    /// <summary>
    /// It runs on until the others are killed, is then asked to shut down, and is killed when the time for that is over. The lease of its
    /// host runs out so much later.
    /// </summary>
    Shutdown,
}

/// <summary>What happens to a guest that was present at the loss of two hosts.</summary>
public enum RepeatedLossPolicy
{
    /// <summary>It is held back until a person starts it (default): it may be what took them down.</summary>
    Hold,

    /// <summary>It is started again like any other.</summary>
    Restart,
}

/// <summary>A protected group of one guest.</summary>
/// <param name="Definition">The libvirt domain XML (inactive form), as adopted.</param>
/// <param name="Uuid">The domain's UUID, lower case.</param>
/// <param name="MemoryMiB">Memory the guest needs on its host, in MiB.</param>
/// <param name="DesiredBy">Who set the desired state and why: "protect", "guest shut itself down", "stop".</param>
/// <param name="ForceStop">When the desired state is Stopped: end it without asking the guest.</param>
/// <param name="WasAutostart">libvirt's autostart flag before protection, given back at release.</param>
/// <param name="PreferredHost">Where a move or start asked it to go next; null when the cluster chooses.</param>
public sealed record GroupSpec(
    string Uuid,
    string Definition,
    long MemoryMiB,
    DesiredState Desired,
    string DesiredBy,
    bool ForceStop,
    GuestShutdownPolicy OnGuestShutdown,
    bool WasAutostart,
    HostId? PreferredHost) : StoreValue
{
    /// <summary>What happens to it on a host whose keeper lease runs out.</summary>
    public IsolationPolicy OnIsolation { get; init; }

    /// <summary>The disks it can write to, ordered: a path, or protocol and name. Empty when they are not known.</summary>
    public ValueList<string> Disks { get; init; }

    /// <summary>When it may run elsewhere because its host was cut off from them.</summary>
    public StorageProofPolicy StorageProof { get; init; }

    /// <summary>What happens to it after the loss of two hosts that it was present at.</summary>
    public RepeatedLossPolicy OnRepeatedLoss { get; init; }

    public const int DefaultTier = 2;

    public const int LastTier = 4;

    /// <summary>How important it is: groups of tier 0 are served first, those of tier 4 last.</summary>
    public int Tier { get; init; } = DefaultTier;

    /// <summary>Where it is rather than elsewhere, the best first.</summary>
    public ValueList<HostId> Prefers { get; init; }

    /// <summary>When it goes back to one of them.</summary>
    public Failback Failback { get; init; }

    /// <summary>What it needs on its host besides memory; null when nobody has read that.</summary>
    public GuestNeeds? Needs { get; init; }

    /// <summary>What it takes of its host's ordinary memory, with what its process needs besides.</summary>
    public long HostMemoryMiB => GuestNeeds.HostMemoryMiB(MemoryMiB, Needs);

    /// <summary>What may be done to it while it runs, so that a group of a lower tier number finds a place.</summary>
    public Yielding Yields { get; init; }

    /// <summary>After the loss of its host it is to be back within this time; null when nobody said so.</summary>
    public TimeSpan? RecoveryBudget { get; init; }

    /// <summary>Which groups go before it when several are started.</summary>
    public GroupOrder Order { get; init; } = GroupOrder.None;
}

/// <summary>What a host offers and carries, as its agent measures it.</summary>
/// <param name="MemoryMiB">Memory for guests in all, in MiB.</param>
/// <param name="UsedMiB">Memory taken by running guests that are not protected, in MiB; protected ones are counted from ownership.</param>
/// <param name="LoadPercent">CPU in use, percent of all cores, 0 to 100.</param>
/// <param name="HypervisorOk">libvirtd answers.</param>
public sealed record HostLoad(SessionId Session, long MemoryMiB, long UsedMiB, int LoadPercent, bool HypervisorOk) : StoreValue
{
    public HostHealth Health { get; init; } = HostHealth.Unmeasured;

    /// <summary>Logical processors; 0 when its agent does not say.</summary>
    public int Cores { get; init; }
}

/// <summary>Why a host is in quarantine.</summary>
public enum QuarantineCause
{
    /// <summary>Somebody put it there; only somebody takes it out.</summary>
    Person,

    /// <summary>Monitors of its guests do not answer.</summary>
    Monitors,

    /// <summary>Its disks are much slower than those of its peers.</summary>
    Disk,

    /// <summary>Its links go up and down.</summary>
    Links,

    /// <summary>It left without a plan again and again.</summary>
    Leaves,
}

/// <summary>A host that is not well: it keeps its guests and gets no new ones, and is not fenced for it.</summary>
public sealed record QuarantineRecord(QuarantineCause Cause, string Why) : StoreValue;
