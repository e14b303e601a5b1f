using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;
using Mainstay.Core.Rules;

namespace Mainstay.Cli.Tests;

/// <summary>A cluster with something of everything that a configuration file can say.</summary>
internal static class ConfigSamples
{
    public static ClusterView View { get; } = Make();

    public static SnapshotReply Reply(ClusterView view) => new()
    {
        Cluster = "east",
        Taken = Samples.Now,
        AnsweredBy = "n1",
        Version = "0.1.0",
        Unfit = new Dictionary<string, string>(),
        Entries = SnapshotText.Write(view),
    };

    public static FakeAgent Agent(ClusterView? view = null) =>
        new FakeAgent().On(ApiPaths.Snapshot, Samples.Json(Reply(view ?? View), ApiJson.Default.SnapshotReply));

    /// <summary>The same hosts, with policies, order and rules by chance, and guests whose names look like other things in YAML.</summary>
    public static ClusterView Random(SeededRandom random)
    {
        GroupId[] names =
        [
            .. new[]
            {
                "db", "true", "NO", "10.0", "1e3", "null", "~", "a b", "x:y", "ends:", "é", "it's \"q\"", "- dash", "#h", "[l]", "{m}",
                "&a", "*b", "!t", "|", ">", "%p", "@q", "`r", "b\\n", "a, b", " space ", "?", "<<", "=", "tab\tin", "0x1f", "2026-03-01",
            }.Select(name => new GroupId(name)).Order(),
        ];
        var view = View.With(new StoreKey.Rules(), RuleBook.Empty);
        foreach (var old in View.Groups.Keys.Except(names))
            view = view.With(new StoreEntry(new StoreKey.Group(old), null, 0));
        foreach (var name in names)
            view = view.With(new StoreKey.Group(name), Random(random, names, name));
        var rules = new List<PlacementRule>();
        for (var i = random.Next(6); i > 0; i--)
        {
            var kind = (PlacementRuleKind)random.Next(5);
            var rule = new PlacementRule($"r{i}", kind, [names[i], names[i + 9]]) { Should = random.Next(2) == 0 };
            rules.Insert(0, rule.IsBetweenGuests
                ? rule with { By = random.Next(2) == 0 ? "rack" : null, Limit = kind == PlacementRuleKind.Spread ? i : 1 }
                : rule with { Hosts = [new("host", "n2"), new("power", "a")] });
        }

        return view.With(new StoreKey.Rules(), new RuleBook(rules.ToValueList()));
    }

    private static GroupSpec Random(SeededRandom random, GroupId[] names, GroupId name)
    {
        var edges = names.Where(other => other != name && random.Next(15) == 0).Select(other => (StartGate)random.Next(3) is var gate
            ? new StartDependency(
                other, gate, gate == StartGate.Delay ? TimeSpan.FromMilliseconds(1 + random.Next(90_000)) : TimeSpan.Zero,
                TimeSpan.FromSeconds(1 + random.Next(86_400)), (OnLimit)random.Next(2))
            : null).OfType<StartDependency>();
        return Spec(name.Name) with
        {
            Tier = random.Next(5),
            Yields = (Yielding)random.Next(3),
            OnGuestShutdown = (GuestShutdownPolicy)random.Next(2),
            OnIsolation = (IsolationPolicy)random.Next(3),
            StorageProof = (StorageProofPolicy)random.Next(3),
            OnRepeatedLoss = (RepeatedLossPolicy)random.Next(2),
            Prefers = random.Next(2) == 0 ? [] : [new("n3"), new("n1")],
            Failback = random.Next(2) == 0 ? default : new Failback(FailbackWhen.Window, random.Next(1439), 1439),
            RecoveryBudget = random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(1 + random.Next(86_400_000)),
            Order = new GroupOrder(edges.ToValueList(), random.Next(3) == 0 ? $"app-{random.Next(3)}" : null, null),
        };
    }

    public static FakeAgent Willing(ClusterView? view = null)
    {
        var agent = Agent(view);
        foreach (var path in new[]
        {
            ApiPaths.HostLabel, ApiPaths.Profile, ApiPaths.Capacity, ApiPaths.Overcommit, ApiPaths.RuleSet, ApiPaths.RuleRemove,
            ApiPaths.Policy, ApiPaths.Order, ApiPaths.OrderRemove, ApiPaths.AppSet, ApiPaths.App, ApiPaths.Maintenance,
        })
        {
            agent.On(path, Samples.Reply(RequestOutcome.Accepted, "done"));
        }

        return agent;
    }

    public static IEnumerable<(string Line, string Body)> Posts(this FakeAgent agent) =>
        agent.Asked.Where(asked => asked.Line.StartsWith("POST", StringComparison.Ordinal));

    public static GroupSpec Spec(string name) => new(
        name, "<domain/>", 1024, DesiredState.Running, "anna", false, GuestShutdownPolicy.StayDown, false, null);

    public static ClusterView With(this ClusterView view, StoreKey key, StoreValue value) =>
        view.With(new StoreEntry(key, value, view.RevisionOf(key) + 1));

    private static ClusterView Make()
    {
        var settings = new ClusterSettings("east", "id", 1, TimingProfile.Balanced, true, "") { Capacity = new(2, ["power", "rack"]) };
        var view = ClusterView.Empty.With(new StoreKey.Cluster(), settings);
        ValueList<HostLabel>[] labels = [[new("gpu", ""), new("power", "a"), new("rack", "r1")], [new("rack", "r1")], []];
        for (var i = 1; i <= 3; i++)
        {
            var config = new HostConfig(i, ["a"], 7780, [], Maintenance: i > 1) { Draining = i == 3, Labels = labels[i - 1] };
            view = view.With(new StoreKey.Host(new HostId($"n{i}")), config);
        }

        var edge = new StartDependency(
            new GroupId("db"), StartGate.Delay, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), OnLimit.Hold);
        GroupSpec[] guests =
        [
            Spec("batch") with { Tier = 4, Yields = Yielding.Stops, OnRepeatedLoss = RepeatedLossPolicy.Restart },
            Spec("db") with
            {
                Tier = 0,
                OnIsolation = IsolationPolicy.FreezeThenKill,
                OnGuestShutdown = GuestShutdownPolicy.Restart,
                Prefers = [new("n2"), new("n1")],
                Failback = new Failback(FailbackWhen.Window, 22 * 60, 5 * 60),
                RecoveryBudget = TimeSpan.FromMilliseconds(1500),
                Order = new GroupOrder([], "shop", null),
            },
            Spec("odd: name #1") with { StorageProof = StorageProofPolicy.Never },
            Spec("web") with { Order = new GroupOrder([edge], "shop", null) },
            Spec("web2"),
        ];
        foreach (var spec in guests)
            view = view.With(new StoreKey.Group(new GroupId(spec.Uuid)), spec);
        ValueList<GroupId> webs = [new("web"), new("web2")];
        return view.With(new StoreKey.Rules(), new RuleBook(
        [
            new("apart", PlacementRuleKind.Apart, webs) { By = "rack", Should = true },
            new("cards", PlacementRuleKind.On, [new("batch")]) { Hosts = [new("gpu", ""), new("host", "n2")] },
            new("even", PlacementRuleKind.Spread, webs) { Limit = 2 },
        ]));
    }
}
