using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Tests.Placement;

/// <summary>A small cluster drawn from a seed: hosts with labels and items, running and waiting guests, rules of all kinds that must hold.</summary>
internal sealed class RuledWorld
{
    private static readonly string[] Items = ["bridge:a", "bridge:b", "pci:0000:00:01.0"];

    private readonly Func<string, string> rename;

    /// <param name="rename">The name of each host, by its plain one.</param>
    /// <param name="extraHosts">Hosts that are added, large and with all items.</param>
    public RuledWorld(ulong seed, Func<string, string>? rename = null, int extraHosts = 0)
    {
        this.rename = rename ?? (name => name);
        var draw = new SeededRandom(seed);
        var view = ClusterView.Empty;
        var hosts = 2 + draw.Next(3);
        for (var i = 1; i <= hosts; i++)
        {
            var lacks = Items.Where(_ => draw.Next(5) == 0).Select(item => new MissingItem(item, "none")).ToValueList();
            view = WithHost(view, $"n{i}", 6 + draw.Next(8), i, draw.Next(3) == 0 ? [] : [new HostLabel("rack", $"r{draw.Next(2)}")], lacks);
        }

        var guests = 3 + draw.Next(5);
        for (var i = 1; i <= guests; i++)
        {
            var group = new GroupId($"g{i}");
            var needs = new GuestNeeds(0, 0, [], Items.Where(_ => draw.Next(4) == 0).ToValueList());
            var spec = new GroupSpec("u", "<domain/>", (1 + draw.Next(4)) * 1024, DesiredState.Running, "test", false,
                GuestShutdownPolicy.StayDown, false, null) { Needs = needs, Tier = draw.Next(3) };
            var at = draw.Next(3) == 0 ? $"n{1 + draw.Next(hosts)}" : null;
            OwnershipPhase phase = at is null
                ? new OwnershipPhase.Free() : new OwnershipPhase.Claimed(new HostSession(Host(at), new SessionId((ulong)at[1])));
            var own = new OwnershipRecord(new Epoch(1), phase, "test", []);
            view = view.With(new StoreEntry(new StoreKey.Group(group), spec, 1)).With(new StoreEntry(new StoreKey.Ownership(group), own, 1));
            if (at is null)
                Wishes.Add(new PlacementWish(group, spec, own, "test"));
        }

        var rules = RuleBook.Empty;
        for (var i = draw.Next(4); i > 0; i--)
            rules = rules.With(DrawRule(draw, $"rule{i}", guests, hosts));
        Rules = rules;
        for (var i = 0; i < extraHosts; i++)
            view = WithHost(view, $"z{i}", 100, 50 + i, [], []);
        View = view.With(new StoreEntry(new StoreKey.Rules(), rules, 1));
    }

    public ClusterView View { get; }

    public RuleBook Rules { get; }

    public List<PlacementWish> Wishes { get; } = [];

    public HostId Host(string name) => new(rename(name));

    private PlacementRule DrawRule(SeededRandom draw, string name, int guests, int hosts)
    {
        var kind = (PlacementRuleKind)draw.Next(5);
        var groups = Enumerable.Range(1, guests).Where(_ => draw.Next(2) == 0).Select(i => new GroupId($"g{i}")).ToValueList();
        return new PlacementRule(name, kind, groups)
        {
            By = draw.Next(2) == 0 ? "rack" : null,
            Limit = kind == PlacementRuleKind.Spread ? 1 + draw.Next(2) : 1,
            Hosts = kind is PlacementRuleKind.On or PlacementRuleKind.NotOn ? [new HostLabel("host", Host($"n{1 + draw.Next(hosts)}").Name)] : [],
        };
    }

    private ClusterView WithHost(
        ClusterView view, string name, int gib, int number, ValueList<HostLabel> labels, ValueList<MissingItem> lacks)
    {
        var (host, session) = (Host(name), new SessionId((ulong)name[1]));
        return view
            .With(new StoreEntry(new StoreKey.Host(host), new HostConfig(number, ["a"], 7780, [], false) { Labels = labels }, 1))
            .With(new StoreEntry(new StoreKey.Session(host), new SessionRecord(session, new BootId("b"), SessionState.Online), 1))
            .With(new StoreEntry(new StoreKey.Load(host), new HostLoad(session, gib * 1024, 0, 0, true), 1))
            .With(new StoreEntry(new StoreKey.Offer(host), new HostOffer(session, 0, [], [], lacks), 1));
    }
}
