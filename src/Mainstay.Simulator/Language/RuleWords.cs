using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Rules;

namespace Mainstay.Simulator.Language;

/// <summary>
/// Rules and labels as scenarios write them: <c>NAME apart a,b [by KIND] [should]</c>, <c>together</c> and <c>spread</c> likewise, the
/// latter with <c>limit=N</c>; <c>NAME on a,b host=n1,rack=r2 [should]</c>, <c>not-on</c> likewise.
/// </summary>
internal static class RuleWords
{
    public const string Form = "NAME apart|together|spread|on|not-on GUEST,GUEST [HOSTS] [by KIND] [limit=N] [should]";

    /// <summary>Null when it says what to write instead.</summary>
    public static PlacementRule? Parse(IReadOnlyList<string> words, out string why)
    {
        why = "";
        if (words.Count < 3 || !HostLabel.IsWord(words[0]) || KindOf(words[1]) is not { } kind)
        {
            why = $"'{string.Join(' ', words)}' is no rule: write {Form}";
            return null;
        }

        var rule = new PlacementRule(
            words[0], kind, words[2].Split(',').Order(StringComparer.Ordinal).Distinct().Select(name => new GroupId(name)).ToValueList());
        if (kind == PlacementRuleKind.Spread)
            rule = rule with { Limit = 0 };
        for (var i = 3; i < words.Count; i++)
        {
            if (words[i] == "should")
                rule = rule with { Should = true };
            else if (words[i] == "by" && i + 1 < words.Count)
                rule = rule with { By = words[++i] };
            else if (words[i].StartsWith("limit=", StringComparison.Ordinal)
                && int.TryParse(words[i]["limit=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0)
                rule = rule with { Limit = limit };
            else if (!rule.IsBetweenGuests && Labels(words[i]) is { } hosts)
                rule = rule with { Hosts = rule.Hosts.Concat(hosts).Order().ToValueList() };
            else
                why = $"'{words[i]}' does not fit in a rule: write {Form}";
        }

        return why.Length == 0 ? rule : null;
    }

    /// <summary><c>rack=r1,gpu</c>; null when it is something else.</summary>
    public static ValueList<HostLabel>? Labels(string text)
    {
        var labels = text.Split(',').Select(Label).ToArray();
        return labels.Any(label => !HostLabel.IsWord(label.Key) || (label.Value.Length > 0 && !HostLabel.IsWord(label.Value)))
            ? null
            : labels.Order().ToValueList();
    }

    private static HostLabel Label(string text) => text.IndexOf('=', StringComparison.Ordinal) is var split and > 0
        ? new HostLabel(text[..split], text[(split + 1)..])
        : new HostLabel(text, "");

    private static PlacementRuleKind? KindOf(string word) => word switch
    {
        "apart" => PlacementRuleKind.Apart,
        "together" => PlacementRuleKind.Together,
        "spread" => PlacementRuleKind.Spread,
        "on" => PlacementRuleKind.On,
        "not-on" => PlacementRuleKind.NotOn,
        _ => null,
    };
}
