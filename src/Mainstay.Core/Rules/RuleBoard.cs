using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Placement.Packing;

namespace Mainstay.Core.Rules;

/// <summary>
/// The rules as the placement engine takes them. A host that has no label of a kind is a failure domain of its own there: nobody says that
/// it shares one.
/// </summary>
internal sealed class RuleBoard
{
    /// <summary>More than any difference of room and load, less than what a person asks for by name.</summary>
    public const int ShouldPoints = 10_000;

    private readonly HostId[] hosts;
    private readonly HostConfig[] configs;
    private readonly string[] kinds;
    private readonly int[][] domains;
    private readonly SortedDictionary<GroupId, List<PlacementRule>> aboutHosts = [];

    /// <param name="rules">Any.</param>
    /// <param name="view">For the labels of hosts.</param>
    /// <param name="hosts">Configured, in the order of the world.</param>
    public RuleBoard(ValueList<PlacementRule> rules, ClusterView view, HostId[] hosts)
    {
        (Rules, this.hosts) = (rules, hosts);
        configs = [.. rules.IsEmpty ? [] : hosts.Select(host => view.Hosts[host].Value)];
        kinds = [.. rules.Select(rule => rule.By).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        domains = [.. kinds.Select(NumberDomains)];
        foreach (var rule in rules.Where(rule => !rule.IsBetweenGuests))
        {
            foreach (var group in rule.Groups)
            {
                if (!aboutHosts.TryGetValue(group, out var of))
                    aboutHosts[group] = of = [];
                of.Add(rule);
            }
        }

        Bound = rules.Where(rule => rule.IsBetweenGuests).SelectMany(rule => rule.Groups).ToImmutableSortedSet();
    }

    public ValueList<PlacementRule> Rules { get; }

    /// <summary>Guests whose place matters to others.</summary>
    public ImmutableSortedSet<GroupId> Bound { get; }

    public int Kinds => kinds.Length;

    /// <summary>The host's failure domains, one for each kind.</summary>
    public ValueList<int> DomainsOf(int host) => domains.Select(kind => kind[host]).ToValueList();

    /// <summary>A rule says on which hosts it runs.</summary>
    public bool IsAboutHosts(GroupId group) => aboutHosts.ContainsKey(group);

    /// <summary>Why a rule about hosts keeps the guest from this one; null when none does.</summary>
    public string? Objection(GroupId group, int host)
    {
        foreach (var rule in RulesAboutHosts(group))
        {
            if (!rule.Should && !Fits(rule, host))
                return $"rule {rule.Name}: {rule.Text}";
        }

        return null;
    }

    /// <summary>Points that rules about hosts take off where they should hold and do not.</summary>
    public long Points(GroupId group, int host)
    {
        var sum = 0L;
        foreach (var rule in RulesAboutHosts(group))
        {
            if (rule.Should && !Fits(rule, host))
                sum -= ShouldPoints;
        }

        return sum;
    }

    /// <summary>The rules between guests; those that are not in the world do not count.</summary>
    /// <param name="positions">Of the groups in the world.</param>
    public ImmutableArray<PackingRule> Between(IReadOnlyDictionary<GroupId, int> positions) =>
    [
        .. from rule in Rules
           where rule.IsBetweenGuests
           let members = rule.Groups.Where(positions.ContainsKey).Select(guest => positions[guest]).ToValueList()
           where members.Count > 1
           select new PackingRule(
               rule.Name,
               rule.Kind == PlacementRuleKind.Together ? RuleKind.Together : RuleKind.Apart,
               rule.By is { } kind ? Array.IndexOf(kinds, kind) : null,
               members,
               rule.Kind == PlacementRuleKind.Spread ? rule.Limit : 1,
               rule.Should ? ShouldPoints : null),
    ];

    private List<PlacementRule> RulesAboutHosts(GroupId group) => aboutHosts.GetValueOrDefault(group) ?? [];

    private bool Fits(PlacementRule rule, int host) =>
        rule.Names(hosts[host], configs[host]) == (rule.Kind == PlacementRuleKind.On);

    private int[] NumberDomains(string kind)
    {
        var numbers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var next = 0;
        return
        [
            .. configs.Select(config => config.Labels.FirstOrDefault(label => label.Key == kind) is { Value.Length: > 0 } label
                ? numbers.TryGetValue(label.Value, out var known) ? known : numbers[label.Value] = next++
                : next++),
        ];
    }
}
