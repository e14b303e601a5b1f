using CsCheck;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Tests.Fencing;

/// <summary>What proofs are worth for one group, against a second, dumb telling of the same rules.</summary>
public sealed class ProofRulesTests
{
    private static readonly string[] Disks = ["/san/a", "/san/b", "/nas/a"];

    private static readonly Gen<Proof> AnyProof = Gen.OneOf(
        Gen.Const((Proof)new Proof.Power("")),
        Gen.Const((Proof)new Proof.CrashDump("")),
        Gen.Const((Proof)new Proof.Lease("")),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool).Select((a, b, c) =>
            (Proof)new Proof.Storage("", "san", Disks.Where((_, i) => i == 0 ? a : i == 1 ? b : c).ToValueList())));

    private static readonly Gen<(FenceRecord Fence, GroupSpec Spec, OwnershipRecord Own)> Case = Gen.Select(
        AnyProof.Array[0, 3], Gen.Int[0, 3], Gen.Enum<StorageProofPolicy>(), Gen.Enum<IsolationPolicy>(), Gen.Bool,
        (proofs, disks, policy, isolation, frozen) => (
            new FenceRecord("", proofs.ToValueList()) { Frozen = frozen ? "shown" : null },
            new GroupSpec("", "", 1, DesiredState.Running, "", false, GuestShutdownPolicy.StayDown, false, null)
            {
                Disks = Disks.Take(disks).ToValueList(),
            },
            new OwnershipRecord(new Epoch(1), new OwnershipPhase.Free(), "", []) { OnIsolation = isolation, StorageProof = policy }));

    [Fact]
    public void A_group_is_given_away_exactly_when_something_allows_it() =>
        Case.Sample(c => ProofRules.Cover(c.Fence, c.Spec, c.Own) == Dumb(c));

    [Theory]
    [InlineData("/san", "/san/web.img", true)]
    [InlineData("/san/", "/san/web.img", true)]
    [InlineData("/san", "/san2/web.img", false)]
    [InlineData("/san/web.img", "/san/web.img", true)]
    [InlineData("rbd:pool", "rbd:pool/web", true)]
    [InlineData("rbd:pool", "rbd:pool2/web", false)]
    [InlineData("rbd:", "rbd:pool2/web", true)]
    [InlineData("iscsi:iqn.2026-11.lab:san", "iscsi:iqn.2026-11.lab:san/1", true)]
    [InlineData("iscsi:iqn.2026-11.lab", "iscsi:iqn.2026-11.lab:san/1", true)]
    [InlineData("", "/san/web.img", false)]
    public void A_storage_holds_what_begins_like_it_up_to_a_border(string covers, string disk, bool held) =>
        Assert.Equal(held, new StorageConfig("tgt", [], [covers]).Holds(disk));

    private static bool Dumb((FenceRecord Fence, GroupSpec Spec, OwnershipRecord Own) c)
    {
        foreach (var proof in c.Fence.Proofs)
        {
            if (proof.Kind is "power" or "new-boot" or "kdump" or "orderly" or "person")
                return true;
            if (proof.Kind == "lease" && c.Own.OnIsolation != IsolationPolicy.Keep)
                return true;
        }

        if (c.Own.StorageProof == StorageProofPolicy.Never || c.Spec.Disks.IsEmpty)
            return false;
        if (c.Own.StorageProof == StorageProofPolicy.Frozen
            && (c.Fence.Frozen is null || c.Own.OnIsolation != IsolationPolicy.FreezeThenKill))
            return false;
        foreach (var disk in c.Spec.Disks)
        {
            var cut = false;
            foreach (var proof in c.Fence.Proofs)
                cut |= proof is Proof.Storage storage && storage.Volumes.Contains(disk);
            if (!cut)
                return false;
        }

        return true;
    }
}
