using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Fencing;

/// <summary>What the proofs of a session are worth: for all that it did, or for one group (S2).</summary>
public static class ProofRules
{
    /// <summary>The session can run nothing any more, whatever the policies of its guests.</summary>
    public static bool IsFull(Proof proof) => proof switch
    {
        Proof.Power or Proof.NewBoot or Proof.CrashDump or Proof.Orderly or Proof.Person => true,
        Proof.Lease or Proof.Storage => false,
    };

    /// <summary>The group may get another owner.</summary>
    public static bool Cover(FenceRecord fence, GroupSpec? spec, OwnershipRecord? own) => Deciding(fence, spec, own) is not null;

    /// <summary>The proof by which the group may get another owner, the most telling first; null when there is none.</summary>
    public static Proof? Deciding(FenceRecord fence, GroupSpec? spec, OwnershipRecord? own) =>
        fence.Proofs.FirstOrDefault(IsFull)
        ?? (own?.OnIsolation != IsolationPolicy.Keep ? fence.Proofs.FirstOrDefault(proof => proof is Proof.Lease) : null)
        ?? (spec is not null && own is not null && Allows(fence, own) && IsCutOff(fence, spec)
            ? fence.Proofs.LastOrDefault(proof => proof is Proof.Storage) : null);

    /// <summary>Every disk it can write to is cut off. A guest whose disks are not known is never.</summary>
    public static bool IsCutOff(FenceRecord fence, GroupSpec spec) =>
        !spec.Disks.IsEmpty && spec.Disks.All(disk => fence.Proofs.OfType<Proof.Storage>().Any(proof => proof.Volumes.Contains(disk)));

    // A guest that runs on in isolation is not paused, whatever the keepers say.
    private static bool Allows(FenceRecord fence, OwnershipRecord own) => own.StorageProof switch
    {
        StorageProofPolicy.Never => false,
        StorageProofPolicy.Always => true,
        StorageProofPolicy.Frozen => fence.Frozen is not null && own.OnIsolation == IsolationPolicy.FreezeThenKill,
    };
}
