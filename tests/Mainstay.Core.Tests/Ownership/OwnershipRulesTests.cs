using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Tests.Ownership;

public sealed class OwnershipRulesTests
{
    private static readonly HostSession Old = new(new HostId("n1"), new SessionId(1));
    private static readonly HostSession New = new(new HostId("n1"), new SessionId(2));
    private static readonly HostId Target = new("n2");

    private static OwnershipRecord In(OwnershipPhase phase) => new(new Epoch(7), phase, "test", []);

    public static TheoryData<OwnershipPhase> Held => [new OwnershipPhase.Claimed(Old), new OwnershipPhase.Releasing(Old, null)];

    [Theory]
    [MemberData(nameof(Held))]
    public void S2_a_held_group_is_not_given_away_without_a_proof(OwnershipPhase phase) =>
        Assert.Throws<InvalidOperationException>(() => OwnershipRules.Assign(In(phase), Target, "because", _ => false));

    [Theory]
    [MemberData(nameof(Held))]
    public void S2_a_proof_of_another_session_of_the_same_host_does_not_count(OwnershipPhase phase) =>
        Assert.Throws<InvalidOperationException>(() => OwnershipRules.Assign(In(phase), Target, "because", s => s == New));

    [Theory]
    [MemberData(nameof(Held))]
    public void A_proof_of_the_owners_session_raises_the_epoch_and_assigns(OwnershipPhase phase)
    {
        var next = OwnershipRules.Assign(In(phase), Target, "because", s => s == Old);
        Assert.Equal(8, next.Epoch.Number);
        Assert.Equal(new OwnershipPhase.Assigned(Target), next.Phase);
    }

    [Fact]
    public void A_migrating_group_needs_the_proof_of_both_ends()
    {
        var both = In(new OwnershipPhase.Migrating(Old, new HostSession(Target, new SessionId(9))));
        Assert.Throws<InvalidOperationException>(() => OwnershipRules.Assign(both, new HostId("n3"), "because", s => s == Old));
        Assert.Equal(8, OwnershipRules.Assign(both, new HostId("n3"), "because", _ => true).Epoch.Number);
    }

    [Fact]
    public void A_blocked_group_is_never_assigned() => Assert.Throws<InvalidOperationException>(
        () => OwnershipRules.Assign(In(new OwnershipPhase.Blocked("lock conflict")), Target, "because", _ => true));

    [Fact]
    public void A_claim_keeps_the_epoch_and_only_the_assigned_host_can_make_it()
    {
        var assigned = In(new OwnershipPhase.Assigned(Target));
        var claimed = OwnershipRules.Claim(
            assigned, new HostSession(Target, new SessionId(3)), IsolationPolicy.Keep, StorageProofPolicy.Always);
        Assert.Equal(7, claimed.Epoch.Number);
        Assert.Equal(IsolationPolicy.Keep, claimed.OnIsolation);
        Assert.Equal(StorageProofPolicy.Always, claimed.StorageProof);
        Assert.Throws<InvalidOperationException>(
            () => OwnershipRules.Claim(assigned, Old, IsolationPolicy.Keep, StorageProofPolicy.Always));
    }

    [Fact]
    public void Only_the_owning_session_can_confirm_a_stop()
    {
        var own = In(new OwnershipPhase.Releasing(Old, Target));
        Assert.Throws<InvalidOperationException>(() => OwnershipRules.Confirm(own, New, Target, "stopped"));
        var next = OwnershipRules.Confirm(own, Old, Target, "stopped");
        Assert.Equal((8, new OwnershipPhase.Assigned(Target)), (next.Epoch.Number, (OwnershipPhase.Assigned)next.Phase));
    }
}
