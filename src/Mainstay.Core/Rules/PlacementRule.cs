using Mainstay.Core.Model;

namespace Mainstay.Core.Rules;

/// <summary>What a rule asks of its guests.</summary>
public enum PlacementRuleKind
{
    /// <summary>They run in one place.</summary>
    Together,

    /// <summary>No two of them run in one place.</summary>
    Apart,

    /// <summary>No more than a limit of them run in one place.</summary>
    Spread,

    /// <summary>They run on these hosts only.</summary>
    On,

    /// <summary>They do not run on these hosts.</summary>
    NotOn,
}

/// <summary>What an administrator asks of where guests run.</summary>
/// <param name="Groups">Ordered by name.</param>
public sealed record PlacementRule(string Name, PlacementRuleKind Kind, ValueList<GroupId> Groups)
{
    /// <summary>What a place is: a kind of failure domain, such as <c>rack</c>; null for a host.</summary>
    public string? By { get; init; }

    /// <summary>For <see cref="PlacementRuleKind.Spread"/>: so many of them may run in one place.</summary>
    public int Limit { get; init; } = 1;

    /// <summary>
    /// For <see cref="PlacementRuleKind.On"/> and <see cref="PlacementRuleKind.NotOn"/>: a host fits that has one of them; the key
    /// <see cref="HostLabel.NameKey"/> stands for its name. Ordered.
    /// </summary>
    public ValueList<HostLabel> Hosts { get; init; }

    /// <summary>False: it must hold, and a guest rather stays down. True: it should, and a guest rather runs.</summary>
    public bool Should { get; init; }

    /// <summary>It is about how its guests stand to each other.</summary>
    public bool IsBetweenGuests => Kind is PlacementRuleKind.Together or PlacementRuleKind.Apart or PlacementRuleKind.Spread;

    /// <summary>A host on its list, by name or label.</summary>
    public bool Names(HostId host, HostConfig config) =>
        Hosts.Any(wanted => wanted.Key == HostLabel.NameKey ? wanted.Value == host.Name : config.Labels.Contains(wanted));

    /// <summary>What it says, for people.</summary>
    public string Text
    {
        get
        {
            var (guests, verb, hosts) = (string.Join(", ", Groups), Should ? "should" : "must", string.Join(" or ", Hosts));
            var (one, another) = By is { } kind ? ($"in one {kind}", $"each in another {kind}") : ("on one host", "each on another host");
            return Kind switch
            {
                PlacementRuleKind.Together => $"{guests} {verb} run {one}",
                PlacementRuleKind.Apart => $"{guests} {verb} run {another}",
                PlacementRuleKind.Spread => $"at most {Limit} of {guests} {verb} run {one}",
                PlacementRuleKind.On => $"{guests} {verb} run on {hosts}",
                PlacementRuleKind.NotOn => $"{guests} {verb} not run on {hosts}",
            };
        }
    }
}
