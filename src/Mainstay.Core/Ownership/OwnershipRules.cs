using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Ownership;

/// <summary>
/// The transition table of ownership: every change of an owner record is built here, with the guards that make it safe (S2, S3). The
/// letters are those of the table in <c>docs/invariants.md</c>.
/// </summary>
internal static class OwnershipRules
{
    /// <summary>
    /// R: a new owner. Allowed from Free, from Assigned (nothing is armed before a claim), or with a proof of the old session.
    /// </summary>
    public static OwnershipRecord Assign(OwnershipRecord old, HostId target, string why, Func<HostSession, bool> hasProof)
    {
        var allowed = old.Phase switch
        {
            OwnershipPhase.Free or OwnershipPhase.Assigned => true,
            OwnershipPhase.Claimed claimed => hasProof(claimed.Owner),
            OwnershipPhase.Releasing releasing => hasProof(releasing.Owner),
            OwnershipPhase.Migrating migrating => hasProof(migrating.Owner) && hasProof(migrating.Target),
            OwnershipPhase.Blocked => false,
        };
        if (!allowed)
            throw new InvalidOperationException($"S2: no proof allows to give away {old}.");
        return old with
        {
            Epoch = old.Epoch.Next,
            Phase = new OwnershipPhase.Assigned(target),
            Why = why,
            KeptFor = null,
            HasRun = false,
            Took = null,
        };
    }

    /// <summary>The dead owner's group becomes free: as <see cref="Assign"/>, for a group that shall not run now.</summary>
    public static OwnershipRecord Free(OwnershipRecord old, string why, Func<HostSession, bool> hasProof) =>
        Assign(old, new HostId(""), why, hasProof) with { Phase = new OwnershipPhase.Free() };

    /// <summary>The dead owner's group is held back: as <see cref="Assign"/>, for a group that nobody may run now.</summary>
    public static OwnershipRecord Block(OwnershipRecord old, string why, Func<HostSession, bool> hasProof) =>
        Assign(old, new HostId(""), why, hasProof) with { Phase = new OwnershipPhase.Blocked(why) };

    /// <summary>C: the assigned host takes it, in its live session; the epoch stays.</summary>
    public static OwnershipRecord Claim(
        OwnershipRecord old, HostSession owner, IsolationPolicy onIsolation, StorageProofPolicy storageProof) =>
        old.Phase is OwnershipPhase.Assigned assigned && assigned.Host == owner.Host
            ? old with { Phase = new OwnershipPhase.Claimed(owner), OnIsolation = onIsolation, StorageProof = storageProof }
            : throw new InvalidOperationException($"{owner} cannot claim {old}.");

    /// <summary>W: the owner has seen it run.</summary>
    public static OwnershipRecord Witness(OwnershipRecord old, HostSession owner) => IsOwner(old, owner)
        ? old with { HasRun = true, Took = null }
        : throw new InvalidOperationException($"{owner} does not own {old}.");

    /// <summary>X: the owner has stopped it and seen it gone; on to the next host, or free, perhaps kept for the owner's return.</summary>
    public static OwnershipRecord Confirm(OwnershipRecord old, HostSession owner, HostId? next, string why, bool kept = false) =>
        IsOwner(old, owner)
            ? old with
            {
                Epoch = old.Epoch.Next,
                Phase = next is { } host ? new OwnershipPhase.Assigned(host) : new OwnershipPhase.Free(),
                Why = why,
                TakesOver = false,
                KeptFor = kept ? owner.Host : null,
                HasRun = false,
            }
            : throw new InvalidOperationException($"{owner} does not own {old}.");

    /// <summary>B: the owner has not started it, nor does it run there, and what it found forbids anybody to start it.</summary>
    public static OwnershipRecord Block(OwnershipRecord old, HostSession owner, string why) =>
        Confirm(old, owner, null, why) with { Phase = new OwnershipPhase.Blocked(why) };

    /// <summary>The owner is asked to stop it and hand it on.</summary>
    public static OwnershipRecord Release(OwnershipRecord old, HostId? next, string why) =>
        old.Phase is OwnershipPhase.Claimed claimed
            ? old with { Phase = new OwnershipPhase.Releasing(claimed.Owner, next), Why = why }
            : throw new InvalidOperationException($"Only a claimed group can be released, not {old}.");

    /// <summary>A: the record comes out of a backup, and the guest was found running on this host and on no other.</summary>
    public static OwnershipRecord TakeOver(OwnershipRecord old, HostSession owner, IsolationPolicy onIsolation, long incarnation) =>
        OutOfBackup(old, incarnation) with
        {
            Phase = new OwnershipPhase.Claimed(owner),
            Why = $"it was found running on {owner.Host} after the store was restored",
            OnIsolation = onIsolation,
            HasRun = true,
        };

    /// <summary>A: the record comes out of a backup, and the guest was found running nowhere.</summary>
    public static OwnershipRecord FoundNowhere(OwnershipRecord old, long incarnation) => OutOfBackup(old, incarnation) with
    {
        Phase = new OwnershipPhase.Free(),
        Why = "it was found running nowhere after the store was restored",
    };

    private static OwnershipRecord OutOfBackup(OwnershipRecord old, long incarnation) => old.Incarnation < incarnation
        ? old with
        {
            Epoch = old.Epoch.Next,
            Incarnation = incarnation,
            Failures = [],
            Losses = [],
            KeptFor = null,
            TakesOver = false,
            HasRun = false,
            Took = null,
        }
        : throw new InvalidOperationException($"S2: {old} does not come out of a backup.");

    public static bool IsOwner(OwnershipRecord record, HostSession host) => OwnerOf(record) == host;

    /// <summary>The session that may run it, or null.</summary>
    public static HostSession? OwnerOf(OwnershipRecord record) => record.Phase switch
    {
        OwnershipPhase.Claimed claimed => claimed.Owner,
        OwnershipPhase.Releasing releasing => releasing.Owner,
        OwnershipPhase.Migrating migrating => migrating.Owner,
        OwnershipPhase.Free or OwnershipPhase.Assigned or OwnershipPhase.Blocked => null,
    };

    /// <summary>The host whose memory it takes: the owner's, or the one it is given to.</summary>
    public static HostId? PlaceOf(OwnershipRecord record) =>
        record.Phase is OwnershipPhase.Assigned assigned ? assigned.Host : OwnerOf(record)?.Host;

    public static StoreTransaction Change(NodeState state, GroupId group, OwnershipRecord next, params ReadOnlySpan<Guard> also)
    {
        var key = new StoreKey.Ownership(group);
        return new StoreTransaction([state.GuardOf(key), .. also], [new Change.Put(key, next)]);
    }
}
