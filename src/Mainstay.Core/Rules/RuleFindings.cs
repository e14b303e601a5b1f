using System.Collections.Immutable;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Rules;

/// <summary>
/// V13: rules that do not hold where guests run now, and rules that speak of what is no more. They are told and never acted upon: a guest
/// that runs is not disturbed for a rule.
/// </summary>
public static class RuleFindings
{
    internal static IEnumerable<Finding> V13(CheckInputs inputs)
    {
        var view = inputs.View;
        foreach (var rule in view.Rules)
        {
            if (Broken(view, rule) is { } broken)
                yield return Of(rule, "it does not hold now", broken, "mainstay move GUEST; nothing is moved for it by itself");
            var gone = rule.Groups.Where(group => !view.Groups.ContainsKey(group)).ToArray();
            if (gone.Length > 0)
                yield return Of(rule, "it names guests that are not protected", string.Join(", ", gone), $"set it anew without them, or mainstay rule remove {rule.Name}");
            if (!rule.IsBetweenGuests && !view.Hosts.Any(host => rule.Names(host.Key, host.Value.Value)))
                yield return Of(rule, "it names hosts or labels that there are none of", string.Join(", ", rule.Hosts),
                    $"set it anew, or mainstay rule remove {rule.Name}");
            if (rule.By is { } kind && Unlabelled(view, kind) is { Length: > 0 } bare)
                yield return Of(rule, $"hosts without a {kind} count as one each", string.Join(", ", bare), $"mainstay host label HOST {kind}=VALUE");
        }
    }

    /// <summary>Where guests run against it, in words; null when it holds.</summary>
    public static string? Broken(ClusterView view, PlacementRule rule)
    {
        (GroupId Group, HostId Host)[] running =
        [
            .. from @group in rule.Groups
               let host = HostOf(view, @group)
               where host is { } known && view.Hosts.ContainsKey(known)
               select (@group, host.GetValueOrDefault()),
        ];
        if (!rule.IsBetweenGuests)
        {
            var wrong = running.Where(guest => rule.Names(guest.Host, view.Hosts[guest.Host].Value) != (rule.Kind == PlacementRuleKind.On))
                .Select(guest => $"{guest.Group} is on {guest.Host}").ToArray();
            return wrong.Length == 0 ? null : string.Join(", ", wrong);
        }

        var places = running.GroupBy(guest => PlaceOf(view, rule, guest.Host)).OrderBy(place => place.Key, StringComparer.Ordinal).ToArray();
        if (rule.Kind == PlacementRuleKind.Together)
            return places.Length < 2 ? null : string.Join(", ", running.Select(guest => $"{guest.Group} is on {guest.Host}"));
        var limit = rule.Kind == PlacementRuleKind.Spread ? rule.Limit : 1;
        var crowded = places.Where(place => place.Count() > limit).ToArray();
        return crowded.Length == 0 ? null : string.Join("; ", crowded.Select(place => Crowd(rule, place.ToArray())));
    }

    private static string Crowd(PlacementRule rule, (GroupId Group, HostId Host)[] guests)
    {
        var hosts = guests.Select(guest => guest.Host).Distinct().ToArray();
        var names = string.Join(" and ", guests.Select(guest => guest.Group));
        return hosts.Length == 1 ? $"{names} are on {hosts[0]}" : $"{names} are in one {rule.By} ({string.Join(", ", hosts)})";
    }

    private static HostId? HostOf(ClusterView view, GroupId group) =>
        view.Ownerships.GetValueOrDefault(group)?.Value is { } own && OwnershipRules.OwnerOf(own) is { } owner && view.IsOnline(owner)
            ? owner.Host
            : null;

    private static string PlaceOf(ClusterView view, PlacementRule rule, HostId host) =>
        rule.By is { } kind && view.Hosts[host].Value.Labels.FirstOrDefault(label => label.Key == kind) is { Value.Length: > 0 } label
            ? label.Value
            : $"\n{host}";

    private static string[] Unlabelled(ClusterView view, string kind) =>
    [
        .. view.Hosts.Where(host => !host.Value.Value.Witness && !host.Value.Value.Labels.Any(label => label.Key == kind && label.Value.Length > 0))
            .Select(host => host.Key.Name),
    ];

    private static Finding Of(PlacementRule rule, string what, string value, string mend) =>
        new("V13", FindingSeverity.Warn, null, $"rule {rule.Name} ({rule.Text}): {what}", value, mend);
}
