using Mainstay.Core.Model;
using Mainstay.Core.Ordering;
using Mainstay.Core.Rules;

namespace Mainstay.Cli.Config;

/// <summary>What a configuration file asks for. Null: it says nothing about that, and it stays as it is.</summary>
internal sealed class WantedConfig
{
    public string? Profile { get; set; }

    public int? Losses { get; set; }

    /// <summary>Ordered.</summary>
    public IReadOnlyList<string>? Domains { get; set; }

    public int? Overcommit { get; set; }

    public List<WantedHost> Hosts { get; } = [];

    public List<WantedGuest> Guests { get; } = [];

    public List<WantedRule> Rules { get; } = [];

    public List<WantedApp> Apps { get; } = [];

    /// <summary>Rules that are not listed are removed.</summary>
    public bool RulesComplete { get; set; }

    /// <summary>Applications that are not listed are removed.</summary>
    public bool AppsComplete { get; set; }
}

/// <summary>What is asked of a host.</summary>
/// <param name="Maintenance"><c>off</c>, <c>on</c> or <c>drain</c>.</param>
internal sealed record WantedHost(string Name, ValueList<HostLabel>? Labels, string? Maintenance);

/// <summary>What is asked of a guest.</summary>
/// <param name="Policies">By the key in the file.</param>
/// <param name="After">All that it waits for, ordered by name.</param>
internal sealed record WantedGuest(
    string Name, IReadOnlyList<KeyValuePair<GuestField, string>> Policies, ValueList<StartDependency>? After);

/// <summary>A rule, whole.</summary>
/// <param name="Even">A spread without a limit: the cluster chooses it, and whatever it chose is right.</param>
internal sealed record WantedRule(PlacementRule Rule, bool Even, int Line);

/// <summary>An application with all its guests, ordered.</summary>
internal sealed record WantedApp(string Name, IReadOnlyList<string> Guests, int Line);
