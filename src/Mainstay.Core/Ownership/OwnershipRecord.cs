using Mainstay.Core.Model;
using Mainstay.Core.Times;

namespace Mainstay.Core.Ownership;

/// <summary>Where the ownership of a group stands. The transition table is in <c>docs/invariants.md</c>.</summary>
public abstract record OwnershipPhase
{
    private OwnershipPhase()
    {
    }

    /// <summary>The stable name, for stored form and display.</summary>
    public abstract string Name { get; }

    /// <summary>Nobody may run it.</summary>
    public sealed record Free : OwnershipPhase
    {
        public override string Name => "free";
    }

    /// <summary>Given to a host that has not claimed it: nothing is armed, so it may be given to another without proof.</summary>
    public sealed record Assigned(HostId Host) : OwnershipPhase
    {
        public override string Name => "assigned";
    }

    /// <summary>The only phase in which a host may run it, and only in this session.</summary>
    public sealed record Claimed(HostSession Owner) : OwnershipPhase
    {
        public override string Name => "claimed";
    }

    /// <summary>The owner is to stop it and confirm; then it goes to <paramref name="Next"/>, or becomes free.</summary>
    public sealed record Releasing(HostSession Owner, HostId? Next) : OwnershipPhase
    {
        public override string Name => "releasing";
    }

    /// <summary>The owner hands the running guest over to a live session (live migration).</summary>
    public sealed record Migrating(HostSession Owner, HostSession Target) : OwnershipPhase
    {
        public override string Name => "migrating";
    }

    /// <summary>Held back by a safety finding; only a person, or the finding's end, frees it.</summary>
    public sealed record Blocked(string Reason) : OwnershipPhase
    {
        public override string Name => "blocked";
    }
}

/// <summary>Who owns a group, since which epoch (S3: changed only by guarded transactions, the epoch only rises).</summary>
/// <param name="Why">The event that led here, for people.</param>
/// <param name="Failures">Failed starts since the group last ran, newest last; they steer back-off and exclusion.</param>
public sealed record OwnershipRecord(
    Epoch Epoch, OwnershipPhase Phase, string Why, ValueList<StartFailure> Failures) : StoreValue
{
    /// <summary>
    /// The incarnation of the store in which this was decided. While the store's is higher the record counts as blocked, whatever its
    /// phase: it comes out of a backup (S3).
    /// </summary>
    public long Incarnation { get; init; } = 1;

    /// <summary>A person vouches that whoever left another stamp on its disks runs it no more: the next start writes over it.</summary>
    public bool TakesOver { get; init; }

    /// <summary>
    /// What the owner's beacon does with it in isolation, fixed when it was claimed: what the lease proof is worth for it goes by this,
    /// not by
    /// what the group's policy has become since.
    /// </summary>
    public IsolationPolicy OnIsolation { get; init; }

    /// <summary>What a storage proof is worth for it, fixed in the same way.</summary>
    public StorageProofPolicy StorageProof { get; init; }

    /// <summary>
    /// Its owner has seen it run since the claim, and wrote that down. A claim alone says nothing: the owner may be lost before it starts.
    /// </summary>
    public bool HasRun { get; init; }

    /// <summary>
    /// The sessions that were lost while it ran in them, oldest first, as far as a guest could have been the cause. Forgotten when it has
    /// run for an hour.
    /// </summary>
    public ValueList<HostSession> Losses { get; init; }

    /// <summary>
    /// Free because its host was shut down in order: it waits for the return of that host, or for a person. Null otherwise.
    /// </summary>
    public HostId? KeptFor { get; init; }

    /// <summary>
    /// How long it has been on its way since it last ran, as far as that was measured. Null as soon as it was seen running, and in a record
    /// of an earlier version.
    /// </summary>
    public RecoverySoFar? Took { get; init; }
}

/// <summary>A start that failed on a host.</summary>
public sealed record StartFailure(HostId Host, string Error);
