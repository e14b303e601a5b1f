using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Node;
using Mainstay.Core.Rules;

namespace Mainstay.Cli.Config;

/// <summary>Which rules have to be set and removed.</summary>
internal static class RulePlan
{
    public static IEnumerable<ConfigStep> Of(ClusterView view, WantedConfig wanted)
    {
        foreach (var wish in wanted.Rules)
        {
            var now = view.Rules.FirstOrDefault(rule => rule.Name == wish.Rule.Name);
            // A limit that nobody wrote is the cluster's choice; it is kept while there is one.
            var kept = wish.Even && now?.Kind == PlacementRuleKind.Spread ? wish.Rule with { Limit = now.Limit } : wish.Rule;
            if (now != kept)
                yield return Set(now, wish);
        }

        if (!wanted.RulesComplete)
            yield break;
        foreach (var rule in view.Rules.Where(rule => wanted.Rules.All(wish => wish.Rule.Name != rule.Name)))
            yield return ConfigPlan.Step(
                ConfigTurn.RulesRemoved, [new($"rule {rule.Name}", "", rule.Text, ConfigChange.None)], ApiPaths.RuleRemove,
                new RuleRemoveRequest { Name = rule.Name }, ApiJson.Default.RuleRemoveRequest);
    }

    private static ConfigStep Set(PlacementRule? now, WantedRule wish)
    {
        var rule = wish.Rule;
        var request = new RuleSetRequest
        {
            Name = rule.Name,
            Rule = StoredWords.Of(rule.Kind),
            Guests = [.. rule.Groups.Select(group => group.Name)],
            By = rule.By,
            Limit = rule.Kind == PlacementRuleKind.Spread && !wish.Even ? rule.Limit : null,
            Hosts = [.. rule.Hosts.Select(host => host.ToString())],
            Should = rule.Should,
        };
        var text = wish.Even ? rule.Text.Replace("at most 0 of ", "as few as the places allow of ", StringComparison.Ordinal) : rule.Text;
        return ConfigPlan.Step(
            ConfigTurn.Rules, [new($"rule {rule.Name}", "", now?.Text ?? ConfigChange.None, text)], ApiPaths.RuleSet, request,
            ApiJson.Default.RuleSetRequest);
    }
}
