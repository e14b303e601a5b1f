using Mainstay.Core.Facts;
using Mainstay.Core.Lease;
using Mainstay.Core.Node;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>
/// Every guard of the keeper lease is needed: in a scenario that the intact lease passes, the checkers find what happens without it.
/// </summary>
public sealed class LeaseMutantTests
{
    private const string Start = """
        A guard of the keeper lease is missing.

        hosts: n1 n2 n3 n4 n5 memory=8G watchdog=3s
        guests: web memory=1G on n5
        seed: 2

        bmc n5 dead

        """;

    private const string Isolated = Start + """
        at 5s: cut n5
        run 40s
        """;

    private const string CannotBeKilled = Start + """
        at 5s: storage cut n5
        cut n5
        run 40s
        """;

    // The leader never hears n5 again, so its session stays in fencing; n5 lives by n2 and n3 while n1 and n4 consent. Then n4 takes the
    // place of n3, which consents at last.
    private static readonly string Swap = Start + """
        kill agent n5 for 120s
        at 5s: cut n5
        at 8s: heal n5
        cut n5 from n1
        cut n5 from n4
        at 30s: {0}
        at 31s: heal n5 from n4
        cut n5 from n3
        run 30s
        """;

    private static readonly Dictionary<string, (LeaseGuards Guards, string Scenario)> Mutants = new()
    {
        ["counts from receipt"] = (new() { CountsFromSend = false }, Start + """
            at 5s: delay 1900ms on mgmt at n5
            delay 1900ms on stor at n5
            at 15s: delay 3800ms on mgmt at n5
            delay 3800ms on stor at n5
            at 25s: delay 5700ms on mgmt at n5
            delay 5700ms on stor at n5
            at 40s: delay 7600ms on mgmt at n5
            delay 7600ms on stor at n5
            at 60s: cut n5 -> n1
            cut n5 -> n2
            cut n5 -> n3
            cut n5 -> n4
            run 60s
            """),
        ["acknowledges after consent"] = (new() { NoAckAfterConsent = false }, Swap.Replace("{0}", "run 10ms", StringComparison.Ordinal)),
        ["consents right after its start"] = (new() { SilentAfterStart = false }, Start + """
            at 5s: cut n5
            kill beacon n2
            kill beacon n3
            kill beacon n4
            run 40s
            """),
        ["acknowledges before it is registered"] = (
            new() { RegistersFirst = false },
            Swap.Replace("{0}", "kill agent n4 for 100s\nkill beacon n4", StringComparison.Ordinal)),
        ["does not wait"] = (new() { WaitsSafeTime = false }, Isolated),
        ["feeds on while guests are left"] = (new() { StopsFeeding = false }, CannotBeKilled),
        ["neither kills nor stops feeding"] = (new() { Kills = false, StopsFeeding = false }, Isolated),
        ["feeds before it is acknowledged"] = (new() { FeedsOnlyWhenProven = false }, Start + """
            at 5s: cut n5
            after 1s: kill beacon n5
            run 40s
            """),
        ["counts by a slewed clock"] = (
            new() { CountsUnslewed = false },
            Start.Replace("watchdog=3s", "watchdog=5s", StringComparison.Ordinal)
            .Replace("seed: 2", "profile: conservative\nseed: 2", StringComparison.Ordinal) + """
            clock n1 slew 100000ppm
            clock n2 slew 100000ppm
            clock n3 slew 100000ppm
            clock n4 slew 100000ppm
            clock n5 slew -100000ppm
            at 5s: cut n5
            after 11s: stop beacon n5
            run 40s
            """),
        ["sleeps without noticing"] = (new() { NoticesSleep = false }, Start + """
            at 5s: suspend n5 for 20s
            run 40s
            """),
        ["believes beacons without a seal"] = (new() { ChecksSeals = false }, Isolated.Replace("run 40s", """
            forge beacons of n1 to n5 for 30s
            forge beacons of n2 to n5 for 30s
            forge beacons of n3 to n5 for 30s
            run 40s
            """, StringComparison.Ordinal)),
        ["trusts a timer of the kernel"] = (
            new() { RefusesSoftdog = false },
            Start.Replace("watchdog=", "softdog=", StringComparison.Ordinal) + """
            at 5s: hang n5
            run 40s
            """),
        ["does not look twice"] = (new() { LooksTwice = false }, CannotBeKilled.Replace(
            "run 40s", "after 5720ms: stall beacon n5 for 2800ms before feeding\nrun 40s", StringComparison.Ordinal)),
    };

    public static TheoryData<string> Names => [.. Mutants.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_guard_is_found(string name)
    {
        var (guards, scenario) = Mutants[name];

        Assert.Empty(Run(scenario, LeaseGuards.All).Violations);
        var broken = Run(scenario, guards);
        Assert.True(broken.Violations.Any(found => found.Rule is "S1" or "S2"), string.Join("\n", broken.Facts));
    }

    /// <summary>Why a host that is itself a virtual machine should keep no lease: nothing tells it that it was paused.</summary>
    [Fact]
    public void A_lease_in_a_paused_machine_is_worth_nothing()
    {
        var found = Run(Start + "at 5s: pause n5 for 30s\nrun 50s\n", LeaseGuards.All).Violations;

        Assert.Contains(found, violation => violation.Rule == "S1");
    }

    /// <summary>The lease of a host lasts longer for a guest that is to shut down, but never before the keepers know.</summary>
    [Fact]
    public void A_beacon_laxer_than_its_host_promised_is_found()
    {
        var scenario = CannotBeKilled.Replace("guests: web", "guests: other", StringComparison.Ordinal)
            .Replace("at 5s:", "stop other\nat 5s:", StringComparison.Ordinal)
            .Replace("seed:", "guests: web memory=1G on n5\nseed:", StringComparison.Ordinal);
        var promised = false;
        Assert.Empty(Run(scenario, LeaseGuards.All).Violations);
        var broken = Run(scenario, LeaseGuards.All, message =>
        {
            promised |= message is NodeEffect.Report { Fact: Fact.LeasePromised };
            return promised && message is NodeEffect.SetUpBeacon { Setup.Lease: { } terms } setup
                ? setup with { Setup = setup.Setup with { Lease = terms with { Kill = terms.Kill + LeaseTerms.ShutdownGrace } } }
                : message;
        });
        Assert.True(broken.Violations.Any(found => found.Rule is "S1" or "S2"), string.Join("\n", broken.Facts));
    }

    [Fact]
    public void Consenting_by_terms_older_than_the_promise_is_found()
    {
        var scenario = CannotBeKilled.Replace("on n5", "on n5 isolation=shutdown", StringComparison.Ordinal);
        Assert.Empty(Run(scenario, LeaseGuards.All).Violations);
        var broken = Run(scenario, LeaseGuards.All, message => message is NodeEffect.AskConsent ask
            ? ask with { SafeAfter = ask.SafeAfter - LeaseTerms.ShutdownGrace }
            : message);
        Assert.True(broken.Violations.Any(found => found.Rule is "S1" or "S2"), string.Join("\n", broken.Facts));
    }

    private static ScenarioResult Run(string scenario, LeaseGuards guards, Func<object, object?>? breakage = null) =>
        ScenarioRunner.Run(
            scenario,
            "mutant",
            new ScenarioOptions
            {
                Guards = guards,
                Agents = birth => breakage is null
                    ? CoreAgent.Create(birth) : new Mutant(CoreAgent.Create(birth), breakage),
            }) is { Error: null } result
            ? result
            : throw new InvalidOperationException("The scenario cannot be read.");
}
