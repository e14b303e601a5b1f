using Mainstay.Core.Facts;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Recovery;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>
/// What carries the storage proof is needed: in a scenario that the intact core passes, the checkers find what happens without it.
/// </summary>
public sealed class StorageMutantTests
{
    private const string Start = """
        What carries the storage proof is missing.

        hosts: n1 n2 n3 memory=8G watchdog=3s
        storages: san nas
        guests: web memory=1G on n1 disk=san disk=nas storage-proof=always
        guests: db memory=1G on n1 disk=san

        bmc n1 dead

        """;

    private static readonly Dictionary<string, (Func<object, object?> Breakage, string Steps)> Mutants = new()
    {
        ["weak is taken for strong"] = (WeakForStrong, "storage nas weak\nat 5s: cut n1\nrun 8s\n"),
        ["a reading that says otherwise is taken for strong"] = (UnknownForStrong, "storage nas half\nat 5s: cut n1\nrun 8s\n"),
        ["one of two disks suffices"] = (OneDisk, "storage nas dead\nat 5s: cut n1\nrun 8s\n"),
        ["keepers do not wait for the freezing time"] = (NoWaiting, "profile aggressive\nrun 5s\nat 15s: cut n1\nrun 8s\n"),
        ["a storage is given back before the old session has ended"] = (
            BackTooEarly, "at 5s: cut n1 from n2\ncut n1 from n3\nrun 10s\n"),
    };

    public static TheoryData<string> Names => [.. Mutants.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_missing_is_found(string name)
    {
        var (breakage, steps) = Mutants[name];

        Assert.Empty(Run(static message => message, steps).Violations);
        var broken = Run(breakage, steps);
        Assert.True(broken.Violations.Any(found => found.Rule is "S1" or "S2"), string.Join("\n", broken.Facts));
    }

    private static object? WeakForStrong(object message) => message is NodeInput.StorageRevoked { Outcome: RevokeOutcome.Weak } weak
        ? weak with { Outcome = new RevokeOutcome.Strong("good enough") }
        : message;

    private static object? UnknownForStrong(object message) => message is NodeInput.StorageRevoked { Outcome: RevokeOutcome.Unknown } no
        ? no with { Outcome = new RevokeOutcome.Strong("it was accepted") }
        : message;

    private static object? OneDisk(object message) =>
        message is NodeInput.DefinitionRead { Definition: Observed<GuestDefinition?>.Known { Value: { } found } } read
            ? read with { Definition = new Observed<GuestDefinition?>.Known(found with { Disks = found.Disks.TakeLast(1).ToValueList() }) }
            : message;

    private static object? NoWaiting(object message) =>
        message is NodeEffect.AskConsent ask && ask.SafeAfter < TimeSpan.FromSeconds(3) ? ask with { SafeAfter = TimeSpan.Zero } : message;

    private static object? BackTooEarly(object message)
    {
        if (message is not NodeEffect.Report { Fact: Fact.LeaseExpired expired })
            return message;
        var target = new StorageTarget(new HostSession(expired.Host, new SessionId(1)), 1, []);
        return new NodeEffect.RestoreStorage(new OperationId(1_000_000), target, "san", new StorageConfig("virtual", [], ["/san"]));
    }

    private static ScenarioResult Run(Func<object, object?> breakage, string steps) => ScenarioRunner.Run(
        Start + steps,
        "mutant",
        new ScenarioOptions { Agents = (host, boot, seed) => new Mutant(CoreAgent.Create(host, boot, seed), breakage) })
        is { Error: null } result
            ? result
            : throw new InvalidOperationException("The scenario cannot be read.");
}
