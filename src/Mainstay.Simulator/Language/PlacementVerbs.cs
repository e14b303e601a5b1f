using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Rules;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>What an administrator says about where guests run, and what can be expected of it.</summary>
internal static class PlacementVerbs
{
    public static readonly Verb[] Requests =
    [
        ClusterVerbs.Request("rule set RULETEXT", "Set a rule, written as after `rules:`.", (_, w) =>
            new AdminRequest.SetRule(Rule(w.Texts[0]))),
        ClusterVerbs.Request("rule remove TEXT", "Take the rule of this name back.", (_, w) => new AdminRequest.RemoveRule(w.Texts[0])),
        ClusterVerbs.Request("policy GUEST prefer HOSTS", "It is rather on these than elsewhere, the best first.", (run, w) =>
            new AdminRequest.SetPolicy(new GroupId(w.Guests[0]))
            {
                Prefers = w.HostLists[0].Select(host => run.Host(host).Id).ToValueList(),
            }),
        ClusterVerbs.Request("policy GUEST failback TEXT", "When it goes back to one of them: never, idle or window=22:00-05:00.", (_, w) =>
            new AdminRequest.SetPolicy(new GroupId(w.Guests[0]))
            {
                Failback = Failback.Parse(w.Texts[0]) ?? throw new InvalidOperationException($"'{w.Texts[0]}' is no failback."),
            }),
        ClusterVerbs.Request("overcommit NUMBER", "So many virtual processors may share one of a host.", (_, w) =>
            new AdminRequest.SetOvercommit(w.Numbers[0])),
        ClusterVerbs.Request("label HOST TEXT", "Give it labels, written as after `labels=`.", (run, w) =>
            new AdminRequest.SetLabels(run.Host(w.Hosts[0]).Id, RuleWords.Labels(w.Texts[0]) ?? [new HostLabel(w.Texts[0], "")], [])),
        ClusterVerbs.Request("unlabel HOST TEXT", "Take the label with this key from it.", (run, w) =>
            new AdminRequest.SetLabels(run.Host(w.Hosts[0]).Id, [], [w.Texts[0]])),
    ];

    public static readonly Verb[] Faults =
    [
        new("take TEXT from HOST", "What guests need, written as after `needs=`, is gone there.", (run, w) =>
            run.Host(w.Hosts[0]).Lacks.Add(w.Texts[0])),
        new("give TEXT to HOST", "It is there, and its agent sees it.", (run, w) =>
        {
            run.Host(w.Hosts[0]).Lacks.Remove(w.Texts[0]);
            run.Host(w.Hosts[0]).Hidden.Remove(w.Texts[0]);
        }),
        new("hide TEXT on HOST", "Its agent cannot find out whether it is there.", (run, w) =>
            run.Host(w.Hosts[0]).Hidden.Add(w.Texts[0])),
    ];

    public static readonly Condition[] All =
    [
        new("placement of GUEST on HOST refused because TEXT", "It could not run there now, and a reason contains this.", (run, w) =>
        {
            var why = Questions.WhyNot(run.World, run.Guest(w.Guests[0]), run.Host(w.Hosts[0]));
            return why.Any(reason => reason.Contains(w.Texts[0], StringComparison.OrdinalIgnoreCase)) ? null
                : why.IsEmpty ? "it could run there" : $"it could not, because {string.Join("; ", why)}";
        }),
        new("placement of GUEST on HOST possible", "It could run there now.", (run, w) =>
            Questions.WhyNot(run.World, run.Guest(w.Guests[0]), run.Host(w.Hosts[0])) is { IsEmpty: false } why
                ? $"it could not, because {string.Join("; ", why)}" : null),
        new("placement of GUEST chooses HOSTS", "Lost where it is, it would be placed on one of these.", (run, w) =>
        {
            var chosen = Questions.Choice(run.World, run.Guest(w.Guests[0]));
            return w.HostLists[0].Select(run.Host).Any(host => host.Id == chosen.Chosen) ? null
                : $"it would be placed on {chosen.Chosen?.Name ?? "no host"}: {string.Join("; ", chosen.Considered)}";
        }),
        new("rules hold", "No rule that must hold is broken by where guests execute.", (run, _) => Questions.Broken(run.World)),
        new("rules do not hold", "One is.", (run, _) => Questions.Broken(run.World) is null ? "all hold" : null),
    ];

    private static PlacementRule Rule(string text) => RuleWords.Parse(text.Split(' '), out var why)
        ?? throw new InvalidOperationException(why);
}
