using Mainstay.Core.Facts;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>
/// Every guard of a restored store, of the disk stamps and of an adoption is needed: in a scenario that the intact core passes, the
/// checkers find what happens without it.
/// </summary>
public sealed class RestoreMutantTests
{
    private const string Moved = """
        The store is restored after a guest was moved.

        hosts: n1 n2 n3 memory=8G
        guests: web memory=1G on n1

        at 5s: store backup
        at 6s: stop web now
        at 10s: start web on n2
        at 30s: store restore
        run 40s
        """;

    private const string Started = """
        A guest was given back and a second copy of it started by hand, and it is to be protected again.

        hosts: n1 n2 n3 memory=8G
        guests: web memory=1G on n1

        at 5s: release web
        at 10s: virsh start web on n2
        at 10.1s: protect web via n1
        run 10s
        """;

    private const string Foreign = """
        Another cluster has taken over a guest's disk.

        hosts: n1 n2 n3 memory=8G
        guests: web memory=1G on n1

        at 5s: foreign stamp web
        at 6s: crash web
        run 20s
        """;

    private const string GivenBack = """
        A guest is given back by an agent that has not noticed yet that the store was restored.

        hosts: n1 n2 n3 memory=8G
        guests: web memory=1G on n1

        at 10s: store backup
        at 12s: store restore
        at 12.1s: stop agent n1 for 3s
        at 12.2s: release web
        run 20s
        """;

    private const string CutOff = """
        A host was cut off from a storage, and the store is restored to a time before that.

        hosts: n1 n2 n3 memory=8G
        storages: san
        guests: web memory=1G on n1 disk=san storage-proof=always

        bmc n1 dead
        at 5s: store backup
        at 6s: cut n1
        expect within 4s: fact StorageRevoked host=n1 storage=san
        run 3s
        heal n1
        store restore
        run 20s
        """;

    private static readonly Dictionary<string, (Func<object, object?> Breakage, string Scenario, string Rules)> Mutants = new()
    {
        ["believes an older store, and the stamps do not stop it"] = (m => ReadNoStamps(BelieveEveryStore(m)), Moved, "S1 S3 S4"),
        ["does not say what runs on it"] = (SayNothingRuns, Moved, "S1 S2"),
        ["does not look for copies"] = (SayNoCopyRuns, Started, "S1"),
        ["reads no stamps"] = (ReadNoStamps, Foreign, "S3"),
        ["takes its storage back in the session that was cut off"] = (TakeBackAtOnce, CutOff, "S1 S2"),
        ["gives back what is suspended"] = (GiveBackInAnyIncarnation, GivenBack, "S2 S3"),
    };

    private static long loads;

    public static TheoryData<string> Names => [.. Mutants.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_guard_is_found(string name)
    {
        var (breakage, scenario, rules) = Mutants[name];

        Assert.Empty(Run(scenario, CoreAgent.Create).Violations);
        var broken = Enumerable.Range(1, 40)
            .Select(seed => Run(
                scenario.Replace("\n\nat", $"\nseed: {seed}\n\nat", StringComparison.Ordinal),
                birth => new Mutant(CoreAgent.Create(birth), breakage)))
            .FirstOrDefault(result => result.Violations.Any(found => rules.Contains(found.Rule, StringComparison.Ordinal)));
        Assert.NotNull(broken);
    }

    /// <summary>Every reading is taken for newer than the one before, and for one of the same store.</summary>
    private static object? BelieveEveryStore(object message) => message is NodeInput.StoreLoaded loaded
        ? loaded with { StoreId = "", Revision = loaded.Revision + (1_000_000 * ++loads) }
        : message;

    private static object? SayNothingRuns(object message) => Said(message, said => said with { Running = [] });

    private static object? SayNoCopyRuns(object message) =>
        Said(message, said => said with { Adoptions = said.Adoptions.Select(a => a with { RunsHere = false }).ToValueList() });

    private static object? ReadNoStamps(object? message) => message is NodeInput.StampsRead read
        ? read with { Stamps = new Observed<ValueList<DiskStamp>>.Known([]) }
        : message;

    private static object? TakeBackAtOnce(object message) => message is NodeEffect.Report { Fact: Fact.SessionConfirmed confirmed }
        && confirmed.Host.Host.Name == "n1"
        ? new NodeEffect.RestoreStorage(
            new OperationId(1_000_000), new StorageTarget(confirmed.Host, 1, []), "san", new StorageConfig("virtual", [], ["/san"]))
        : message;

    private static object? GiveBackInAnyIncarnation(object message) => message is NodeEffect.Persist persist
        && persist.Transaction.Changes.Any(change => change is Change.Delete { Key: StoreKey.Ownership })
        ? persist with
        {
            Transaction = persist.Transaction with
            {
                Guards = persist.Transaction.Guards.Where(guard => guard.Key is not StoreKey.Cluster).ToValueList(),
            },
        }
        : message;

    private static object? Said(object message, Func<HostSighting, HostSighting> change) => message is NodeEffect.Persist persist
        ? persist with
        {
            Transaction = persist.Transaction with
            {
                Changes = persist.Transaction.Changes
                    .Select(c => c is Change.Put { Value: HostSighting said } put ? put with { Value = change(said) } : c).ToValueList(),
            },
        }
        : message;

    private static ScenarioResult Run(string scenario, Func<AgentBirth, ISimulatedAgent> agents) =>
        ScenarioRunner.Run(scenario, "mutant", new ScenarioOptions { Agents = agents }) is { Error: null } result
            ? result
            : throw new InvalidOperationException("The scenario cannot be read.");
}
