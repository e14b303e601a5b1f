using Mainstay.Contracts.Api;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Agent.Api;

/// <summary>The proofs of a session as people read them, and the storages. Pure.</summary>
internal static class ProofList
{
    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<HostProof> Of(ClusterView view, HostSession session)
    {
        if (view.Fences.GetValueOrDefault(session)?.Value is not { } fence)
            return [];
        return
        [
            .. fence.Proofs.Select(proof => new HostProof
            {
                Kind = proof.Kind,
                Class = ProofRules.IsFull(proof) ? "everything" : proof is Proof.Lease ? "held_guests" : "writes",
                Evidence = proof.Evidence,
                Storage = (proof as Proof.Storage)?.Name,
                Covers = Covered(view, session, fence, proof),
            }),
        ];
    }

    public static IReadOnlyList<StorageStatus> Storages(ClusterView view) =>
    [
        .. view.Storages.Select(storage => new StorageStatus
        {
            Name = storage.Key,
            Agent = storage.Value.Value.Agent,
            Options = storage.Value.Value.Options.ToDictionary(
                o => o.Name, o => o.Secret ? "(secret)" : o.Value, StringComparer.Ordinal),
            Covers = [.. storage.Value.Value.Covers],
            Guests = [.. view.Groups.Where(g => g.Value.Value.Disks.Any(storage.Value.Value.Holds)).Select(g => g.Key.Name)],
        }),
    ];

    // A storage proof counts together with those of the other storages; every other kind counts alone.
    private static IReadOnlyList<string> Covered(ClusterView view, HostSession session, FenceRecord fence, Proof proof)
    {
        var counted = fence with
        {
            Proofs = fence.Proofs.Where(p => p == proof || (p is Proof.Storage && proof is Proof.Storage)).ToValueList(),
        };
        return
        [
            .. view.Ownerships
                .Where(own => OwnerOf(own.Value.Value) == session
                    && view.Groups.GetValueOrDefault(own.Key)?.Value is { } spec
                    && (proof is not Proof.Storage about || spec.Disks.Any(about.Volumes.Contains))
                    && ProofRules.Cover(counted, spec, own.Value.Value))
                .Select(own => own.Key.Name),
        ];
    }

    private static HostSession? OwnerOf(OwnershipRecord own) => own.Phase switch
    {
        OwnershipPhase.Claimed p => p.Owner,
        OwnershipPhase.Releasing p => p.Owner,
        OwnershipPhase.Migrating p => p.Owner,
        OwnershipPhase.Free or OwnershipPhase.Assigned or OwnershipPhase.Blocked => null,
    };
}
