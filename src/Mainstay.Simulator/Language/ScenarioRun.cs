using Mainstay.Core.Facts;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>A scenario in progress: its world, and the names given on the way.</summary>
internal sealed class ScenarioRun(VirtualWorld world)
{
    private readonly SortedDictionary<string, SimHost> aliases = new(StringComparer.Ordinal);
    private SimHost? lastLeader;
    private SimHost? lastStoreLeader;

    public VirtualWorld World => world;

    public SimNetwork Network => world.Network;

    /// <summary>How often each verb was done, by its pattern.</summary>
    public SortedDictionary<string, int> Done { get; } = new(StringComparer.Ordinal);

    /// <summary>Rules that the scenario expects to break.</summary>
    public SortedSet<string> ExpectedViolations { get; } = new(StringComparer.Ordinal);

    /// <summary>Expectations that did not come true.</summary>
    public List<MissedExpectation> Missed { get; } = [];

    public SimHost Host(string word)
    {
        if (aliases.TryGetValue(word, out var named))
            return named;
        return word switch
        {
            "leader" => lastLeader = Leader() ?? lastLeader ?? world.Hosts[0],
            "store-leader" => lastStoreLeader = world.Etcd.Leader ?? lastStoreLeader ?? world.Hosts[0],
            _ => world.Host(new HostId(word)),
        };
    }

    public SimGuest Guest(string word) => world.Guest(new GroupId(word));

    public void Call(string word, string name) => aliases[name] = Host(word);

    /// <summary>The sessions that somebody was shown.</summary>
    public SortedDictionary<HostId, SessionId> Seen { get; } = [];

    public void Look(string word)
    {
        if (world.SessionOf(Host(word).Id) is { } session)
            Seen[Host(word).Id] = session.Session;
    }

    /// <summary>Another machine with a copy of its disk boots.</summary>
    public void Clone(string word, string name, bool sharesAddresses) => aliases[name] = world.Clone(Host(word), sharesAddresses);

    public void Ask(AdminRequest request, Words words) => world.Requests.Ask(request, words.Via is { } via ? Host(via) : null);

    /// <summary>All facts so far that have this name and these values.</summary>
    public IEnumerable<TimedFact> Facts(string name, IReadOnlyList<FactField> fields) =>
        world.Trace.Facts.Where(fact => fact.Fact.Name == name && fields.All(field => Fits(fact, field)));

    private SimHost? Leader() => world.Etcd.Value(new StoreKey.Leader()) is LeaderRecord leader ? world.Host(leader.Holder.Host) : null;

    private bool Fits(TimedFact fact, FactField field)
    {
        var actual = field.Name == "by" ? fact.By.Name : fact.Fact.Value(field.Name);
        if (actual is null)
            return false;
        return field.Value.Split('|').Any(value => actual == (IsAlias(value, out var host) ? host : value))
            || (field.Value.StartsWith('~') && actual.Contains(field.Value[1..], StringComparison.OrdinalIgnoreCase));
    }

    private bool IsAlias(string word, out string host)
    {
        host = aliases.TryGetValue(word, out var named) ? named.Id.Name : word;
        return named is not null;
    }
}
