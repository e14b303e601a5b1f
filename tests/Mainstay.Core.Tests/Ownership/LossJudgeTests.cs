using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Tests.Ownership;

/// <summary>Which losses of a host may be held against its guests.</summary>
public sealed class LossJudgeTests
{
    public static TheoryData<string, bool, bool> Losses => new()
    {
        { "power", true, true },
        { "power", false, false },
        { "new-boot", false, true },
        { "lease", false, true },
        { "orderly", true, false },
        { "person", true, false },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void Only_what_a_guest_can_do_to_a_host_counts(string kind, bool seenOn, bool counts)
    {
        Proof proof = kind switch
        {
            "power" => new Proof.Power("seen"),
            "new-boot" => new Proof.NewBoot("seen"),
            "lease" => new Proof.Lease("seen"),
            "orderly" => new Proof.Orderly("seen"),
            _ => new Proof.Person("seen"),
        };
        Assert.Equal(counts, LossJudge.CouldBeAGuestsDoing(new FenceRecord("test", [proof]) { SeenOn = seenOn }));
    }

    [Fact]
    public void The_first_proof_tells_how_the_host_was_lost()
    {
        var record = new FenceRecord("test", [new Proof.Power("off from the first reading"), new Proof.NewBoot("it is back")]);
        Assert.False(LossJudge.CouldBeAGuestsDoing(record));
        Assert.False(LossJudge.CouldBeAGuestsDoing(new FenceRecord("test", [])));
    }
}
