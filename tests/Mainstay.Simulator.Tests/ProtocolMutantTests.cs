using System.Reflection;
using Mainstay.Core.Node;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>
/// Every guard of ownership, fencing and starts is needed: in a scenario that the intact protocol passes, the checkers find what happens
/// without it. Where two guards stand one behind the other, both are taken away; what no scenario can show, and why, is said here too.
/// </summary>
public sealed class ProtocolMutantTests
{
    private const int FuzzSeeds = 100;

    private static readonly Dictionary<string, (ProtocolGuards Guards, string Scenario, string Rule)> Mutants = new()
    {
        ["gives away without a proof"] = (new() { ProofBeforeReassign = false }, "bmc-accepts-and-does-nothing", "S2"),
        ["gives away by the lease what runs on"] = (
            new() { LeaseProofSparesKept = false }, "isolation-keep-waits-for-another-proof", "S1"),
        ["keeps the epoch"] = (new() { EpochsRise = false }, "power-proof", "S3"),
        ["takes unknown for applied"] = (new() { UnknownIsNotApplied = false }, "rack-loss-with-etcd-majority", "S2"),
        ["places without knowing its predecessor's writes"] = (
            new() { KnowsPredecessorsWrites = false }, "new-leader-places-nothing-blindly", "S6"),
        ["places beside its own placements"] = (new() { OnePlacementAtATime = false }, "last-memory-is-given-once", "S6"),
        ["places by rules of yesterday"] = (
            new() { PlacesByTheRulesAsTheyAre = false }, "a-rule-set-during-a-failover-counts", "S6"),
        ["claims in any session"] = (new() { ClaimNeedsSession = false }, "claim-in-flight-while-fencing-begins", "S2"),
        ["starts while it may have let go"] = (new() { AffirmsBeforeStart = false }, "let-go-takes-effect-late", "S2"),
        ["arms what it read before its lease ran out"] = (new() { ExpiryEndsReadings = false }, "arming-sleeps-past-the-lease", "S1"),
        ["stamps what it read before it slept"] = (new() { ReadsAgainAfterSleep = false }, "stamping-sleeps-past-the-lease", "S3"),
        ["takes newer values for absent"] = (new() { LeavesNewerAlone = false }, "schema-newer-than-old-leader", "S9"),
        ["starts in any order"] = (new() { StartsInOrder = false }, "dependency-cycle-never-ready-gate", "S7"),
        ["starts without looking at tiers"] = (new() { StartsByTiers = false }, "order-tiers-after-the-loss-of-a-host", "missed"),
        ["leaves the tier of who is waited for"] = (
            new() { LiftsTiers = false }, "order-lifts-the-tier-of-what-others-wait-for", "missed"),
        ["starts all at once"] = (new() { StartsFewAtOnce = false }, "boot-storm-saturates-array", "missed"),
        ["tries a host again at once"] = (
            new() { AvoidsFailedHosts = false }, "failed-start-goes-elsewhere-then-to-the-oldest", "missed"),
        ["hook without token"] = (new() { HookChecksToken = false }, "virsh-start-by-admin-on-2nd-host", "S4"),
        ["leaves the token at a stop"] = (new() { RevokesBeforeStop = false }, "virsh-start-after-a-move", "S1"),
        ["confirms without having seen it gone"] = (new() { SeesItGone = false }, "apd-one-host-dstate-qemu", "S2"),
        ["joins with guests of its last session"] = (
            new() { ClearsOutBeforeJoin = false }, "agent-behind-a-stopped-beacon-joins-clean", "S2"),
        ["takes an unknown end for an end"] = (new() { SeesAllGone = false }, "unkillable-guest-outlives-its-stop", "S1"),
        ["confirms what it saw before it revoked"] = (
            new() { LooksAfterRevoking = false }, "shut-down-and-started-again-by-hand", "S2"),
        ["takes any boot for its end"] = (new() { ListensBeforeNewBoot = false }, "duplicate-host-id", "S1"),
        ["takes any hardware for its own"] = (new() { ComparesHardware = false }, "duplicate-host-id-while-cut-off", "S1"),
        ["objects to nobody"] = (new() { ObjectsToArrivals = false }, "duplicate-host-id-unheard", "S1"),
        ["vouches for whatever is there"] = (new() { VouchesForTheSessionSeen = false }, "confirm-dead-of-an-earlier-session", "S2"),
        ["drains on old news"] = (new() { AsksBeforeDraining = false }, "drain-that-is-over-stops-nothing", "S9"),
        ["believes a reading older than its knowledge"] = (
            new() { DoubtsOlderReadings = false }, "drained-before-the-store-was-restored", "S9"),
        ["protects while it is being fenced"] = (
            new() { AdoptsOnlyAsMember = false }, "protected-while-its-host-is-being-fenced", "S2"),
        ["believes what was read before a restore"] = (
            new() { SeeksProofsAnew = false }, "read-before-the-store-was-restored", "S2"),
        ["gives up on old news"] = (new() { AsksBeforeGivingUp = false }, "late-news-of-fencing-costs-nothing", "S9"),
        ["forgets in a restored store who is cut off"] = (
            new() { RecallsSpent = false }, "cut-off-before-the-store-was-restored", "missed"),
        ["forgets in a restored store who is spent"] = (
            new() { RecallsSpent = false }, "consented-before-the-store-was-restored", "missed"),
        ["forgets whom the backup says to be cut off"] = (new() { RecallsSpent = false }, "cut-off-in-the-backup", "missed"),
        ["proof for any session"] = (
            new() { ProofIsBoundToSession = false, DoubtsWiring = false }, "slow-reading-outlives-the-session", "S2"),
        ["believes any cable"] = (new() { DoubtsWiring = false }, "bmc-wrong-host-wiring", "S2"),
        ["returns after proof and consent"] = (
            new() { NoReturnAfterProof = false, NoReturnAfterConsent = false }, "half-proved-host-is-heard-again", "S2"),
        ["believes the BMC of a heard host"] = (new() { DoubtsOffOfHeardHost = false }, "bmc-lies-and-others-hear-the-host", "S1"),
        ["switches off without store"] = (
            new() { FencesOnlyWithStore = false, AsksAgainBeforeOff = false }, "fencer-without-store-stops", "S5"),
        ["fences in maintenance"] = (new() { RespectsMaintenance = false }, "maintenance-ends-a-fence-under-way", "S5"),
        ["fences when disarmed"] = (new() { RespectsDisarm = false }, "disarmed-cluster-fences-nobody", "S5"),
        ["takes a dead beacon for a dead host"] = (new() { BelievesKernelAnswers = false }, "beacon-dead-host-alive", "S9"),
        ["asks no other observer"] = (new() { AsksObservers = false }, "one-observer-alone-accuses-nobody", "S5"),
        ["deaf leader accuses"] = (
            new() { DeafDoesNotAccuse = false, DeafDoesNotLead = false }, "half-deaf-host-fences-nobody", "S5"),
        ["no brake in a storm"] = (new() { BrakesInStorm = false }, "brake-outlives-the-partition", "missed"),
        ["no spacing of fences"] = (new() { SpacesFences = false }, "new-leader-keeps-the-fence-spacing", "S5"),
    };

    /// <summary>Guards that stand behind another one. Taken away alone, nothing happens that the simulator can show.</summary>
    private static readonly Dictionary<string, string> SecondLines = new()
    {
        [nameof(ProtocolGuards.ReadsBeforeStart)] = "a session that lost its guest has no valid lease, or no power: the hook is first",
        [nameof(ProtocolGuards.LooksBeforeStart)] = "libvirt refuses to start what it runs; that a lost QEMU is seen is a contract test",
        [nameof(ProtocolGuards.StartsOnlyOwned)] = "revoking comes after arming, and the hook looks at the token",
        [nameof(ProtocolGuards.HookChecksSession)] = "the set-up that changes a beacon's session drops the tokens of the old one",
        [nameof(ProtocolGuards.ReadsBeforeStoppingStray)] = "a host sees its own claims at once",
        [nameof(ProtocolGuards.AbandonsNeedlessOff)] = "the virtual devices refuse at once or execute; a lab test has one that lingers",
        [nameof(ProtocolGuards.StalledDoesNotAccuse)] = "the beacon takes the time it was asleep out of everybody's silence",
        [nameof(ProtocolGuards.NoReturnAfterProof)] = "a proof by the lease has consents beside it; the others end the boot or the session",
        [nameof(ProtocolGuards.NoReturnAfterConsent)] = "the consents go with the fence record; it is for the lease to be renewable",
        [nameof(ProtocolGuards.ListensFirst)] = "the store is asked before an order; the host that brought it back has joined by then",
        [nameof(ProtocolGuards.FencesOnlyWithStore)] = "the store is asked again before each order but the first",
    };

    public static TheoryData<string> Names => [.. Mutants.Keys];

    public static TheoryData<string> FoundByChance =>
    [
        nameof(ProtocolGuards.ProofBeforeReassign), nameof(ProtocolGuards.EpochsRise), nameof(ProtocolGuards.UnknownIsNotApplied),
        nameof(ProtocolGuards.HookChecksToken),
    ];

    private static PropertyInfo[] Switches =>
        [.. typeof(ProtocolGuards).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.PropertyType == typeof(bool))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_guard_is_found(string name)
    {
        var (guards, scenario, rule) = Mutants[name];

        var intact = Run(scenario, ProtocolGuards.All);
        Assert.True(intact.Passed, intact.ToText());
        var broken = Run(scenario, guards);
        Assert.True(
            broken.Violations.Any(found => found.Rule == rule) || (rule == "missed" && broken.Missed.Count > 0), broken.ToText());
    }

    /// <summary>Guards that matter in nearly every kind of trouble are found missing by chance as well, soon.</summary>
    [Theory]
    [MemberData(nameof(FoundByChance))]
    public void The_fuzzer_finds_it_too(string guard)
    {
        var options = new ScenarioOptions { Protocol = Without(guard) };
        for (var seed = 1UL; seed <= FuzzSeeds; seed++)
        {
            if (ScenarioRunner.Run(Fuzzer.ScenarioOf(seed), "fuzz", options).Violations is not { Count: > 0 } found)
                continue;
            TestContext.Current.TestOutputHelper?.WriteLine($"without {guard}: seed {seed}, {found[0].Rule}: {found[0].What}");
            Assert.Empty(ScenarioRunner.Run(Fuzzer.ScenarioOf(seed), "fuzz", new ScenarioOptions()).Violations);
            return;
        }

        Assert.Fail($"{FuzzSeeds} seeds show nothing without {guard}.");
    }

    [Fact]
    public void Every_guard_is_shown_or_explained()
    {
        var missing = Mutants.Values.SelectMany(m => Switches.Where(p => p.GetValue(m.Guards) is false)).Select(p => p.Name).ToHashSet();

        Assert.All(Switches, p => Assert.True(missing.Contains(p.Name) || SecondLines.ContainsKey(p.Name), p.Name));
        Assert.All(SecondLines.Keys, name => Assert.Contains(Switches, p => p.Name == name));
    }

    private static ProtocolGuards Without(string guard)
    {
        var guards = ProtocolGuards.All with { };
        Switches.Single(p => p.Name == guard).SetValue(guards, false);
        return guards;
    }

    private static ScenarioResult Run(string scenario, ProtocolGuards guards)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Scenarios, scenario + ".scenario"));
        return ScenarioRunner.Run(text, scenario, new ScenarioOptions { Protocol = guards });
    }
}
