using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Rules;

/// <summary>Whether a rule speaks of guests, hosts and labels that there are, and in a form that means something.</summary>
internal static class RuleTerms
{
    private const int MostListed = 20;

    /// <summary>What is wrong with it, with which value, and what to do; null when nothing is.</summary>
    public static string? Fault(ClusterView view, PlacementRule rule)
    {
        if (!HostLabel.IsWord(rule.Name))
            return $"'{rule.Name}' is no name for a rule: use letters, digits, '-', '_' and '.', at most 63";
        if (rule.Groups.Count > RuleBook.MostGuestsOfARule)
            return $"rule {rule.Name} names {rule.Groups.Count} guests; a rule names at most {RuleBook.MostGuestsOfARule}";
        if (rule.Groups.Where(group => !view.Groups.ContainsKey(group)).ToArray() is [var unknown, ..])
            return $"rule {rule.Name}: {unknown} is not protected; {Listed("protected", view.Groups.Keys.Select(group => group.Name))}";
        return rule.IsBetweenGuests ? FaultBetween(view, rule) : FaultOfHosts(view, rule);
    }

    /// <summary>The same of labels.</summary>
    public static string? LabelFault(HostConfig config, AdminRequest.SetLabels request)
    {
        foreach (var label in request.Labels)
        {
            if (!HostLabel.IsWord(label.Key) || (label.Value.Length > 0 && !HostLabel.IsWord(label.Value)))
                return $"'{label}' is no label: write KEY=VALUE or KEY, of letters, digits, '-', '_' and '.', at most 63 each";
            if (label.Key == HostLabel.NameKey)
                return $"'{label}': in rules 'host' stands for the name of a host; give the label another key";
        }

        return request.Removed.Where(key => config.Labels.All(label => label.Key != key)).ToArray() is [var missing, ..]
            ? $"{request.Host} has no label '{missing}'; {Listed("it has", config.Labels.Select(label => label.ToString()))}"
            : null;
    }

    public static string Listed(string what, IEnumerable<string> names)
    {
        var all = names.ToArray();
        return $"{what}: " + (all.Length == 0 ? "none"
            : string.Join(", ", all.Take(MostListed)) + (all.Length > MostListed ? $" and {all.Length - MostListed} more" : ""));
    }

    private static string? FaultBetween(ClusterView view, PlacementRule rule)
    {
        if (rule.Groups.Count < 2)
            return $"rule {rule.Name} is about how guests stand to each other and names {rule.Groups.Count}: name at least two";
        if (rule.By is { } kind && !Labels(view).Any(label => label.Key == kind && label.Value.Length > 0))
            return $"rule {rule.Name}: no host is in a {kind}; say where each is with mainstay host label HOST {kind}=VALUE";
        return null;
    }

    private static string? FaultOfHosts(ClusterView view, PlacementRule rule)
    {
        if (rule.Groups.IsEmpty)
            return $"rule {rule.Name} names no guest: name them with --guests";
        if (rule.Hosts.IsEmpty)
            return $"rule {rule.Name} names no host: name hosts or labels, such as --on host=n1 or --on rack=r1";
        foreach (var wanted in rule.Hosts)
        {
            if (wanted.Key == HostLabel.NameKey && !view.Hosts.ContainsKey(new HostId(wanted.Value)))
                return $"rule {rule.Name}: there is no host named {wanted.Value}; {Listed("hosts", view.Hosts.Keys.Select(h => h.Name))}";
            if (wanted.Key != HostLabel.NameKey && !Labels(view).Contains(wanted))
                return $"rule {rule.Name}: no host has the label {wanted}; "
                    + Listed("labels", Labels(view).Distinct().Order().Select(label => label.ToString()));
        }

        return null;
    }

    private static IEnumerable<HostLabel> Labels(ClusterView view) => view.Hosts.Values.SelectMany(host => host.Value.Labels);
}
