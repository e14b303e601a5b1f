using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Rules;

namespace Mainstay.Cli.Config;

/// <summary>Reads rules about where guests run: a list, each with the keys that <c>mainstay rule set</c> has as options.</summary>
internal sealed class RuleReader(ConfigReading reading, WantedConfig wanted)
{
    private const string GuestsLike = "[web1, web2]";

    private static readonly string[] Kinds = ["together", "apart", "spread", "on", "not-on"];

    public static HostLabel Label(string text) => text.IndexOf('=', StringComparison.Ordinal) is var split and >= 0
        ? new HostLabel(text[..split], text[(split + 1)..])
        : new HostLabel(text, "");

    public void Read(ConfigNode node)
    {
        if (node is ConfigNode.List list)
        {
            foreach (var item in list.Items)
                Rule(item);
        }
        else if (node is not ConfigNode.Text { Value: "" })
        {
            reading.Wrong(node.Line, $"rules: a list belongs here: - {{name: web, apart: {GuestsLike}}} in a line for each");
        }
    }

    private void Rule(ConfigNode node)
    {
        var entries = reading.Known(node, "rules", ["name", .. Kinds, "guests", "by", "limit", "should"])
            .ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        if (node is not ConfigNode.Map)
            return;
        if (!entries.TryGetValue("name", out var named) || reading.Text(named.Value, "rules.name", "name the rule") is not { } name)
        {
            if (named is null)
                reading.Wrong(node.Line, "rules: this one has no name: add name: WORD");
            return;
        }

        var where = $"rules.{name}";
        if (!HostLabel.IsWord(name))
            reading.Wrong(named.Line, $"{where}: '{name}' is no name for a rule: use letters, digits, '-', '_' and '.', at most 63");
        if (wanted.Rules.FirstOrDefault(rule => rule.Rule.Name == name) is { } twice)
            reading.Wrong(named.Line, $"{where}: a rule of this name stands in line {twice.Line} already: give it another name");
        var kinds = Kinds.Where(entries.ContainsKey).ToArray();
        if (kinds.Length != 1)
        {
            reading.Wrong(named.Line, $"{where}: {(kinds.Length == 0 ? "what it asks for is missing" : string.Join(" and ", kinds))}: "
                + $"write one of {string.Join(", ", Kinds)}");
            return;
        }

        if (Rule(where, name, kinds[0], entries) is { } read)
            wanted.Rules.Add(new WantedRule(read, read is { Kind: PlacementRuleKind.Spread, Limit: 0 }, named.Line));
    }

    private PlacementRule? Rule(string where, string name, string word, Dictionary<string, ConfigEntry> entries)
    {
        var kind = StoredWords.Rule(word.Replace('-', '_')) ?? throw new InvalidOperationException($"No kind {word}");
        var about = new PlacementRule(name, kind, []) { Limit = kind == PlacementRuleKind.Spread ? 0 : 1 };
        var guests = about.IsBetweenGuests ? entries[word] : entries.GetValueOrDefault("guests");
        if (guests is null)
        {
            reading.Wrong(entries[word].Line, $"{where}: whom it is about is missing: add guests: [erp]");
            return null;
        }

        Misplaced(where, word, about, entries);
        if (Guests(where, about, guests) is not { } groups)
            return null;
        if (!about.IsBetweenGuests && Hosts(entries[word].Value, $"{where}.{word}") is { } hosts)
            about = about with { Hosts = hosts };
        foreach (var (key, said) in entries)
        {
            about = key switch
            {
                "by" when about.IsBetweenGuests => about with { By = Domain(said.Value, $"{where}.by") },
                "limit" when kind == PlacementRuleKind.Spread => about with
                {
                    Limit = reading.Number(said.Value, $"{where}.limit", 1, RuleBook.MostGuestsOfARule, " guests in one place") ?? 0,
                },
                "should" => about with { Should = reading.Word(said.Value, $"{where}.should", "true", "false") == "true" },
                _ => about,
            };
        }

        return about with { Groups = groups };
    }

    private void Misplaced(string where, string word, PlacementRule about, Dictionary<string, ConfigEntry> entries)
    {
        if (about.IsBetweenGuests && entries.TryGetValue("guests", out var twice))
            reading.Wrong(twice.Line, $"{where}: the guests stand at {word}: leave out guests");
        if (!about.IsBetweenGuests && entries.TryGetValue("by", out var by))
            reading.Wrong(by.Line, $"{where}: by goes with together, apart and spread, not with {word}: leave it out");
        if (about.Kind != PlacementRuleKind.Spread && entries.TryGetValue("limit", out var limit))
            reading.Wrong(limit.Line, $"{where}: limit goes with spread, not with {word}: leave it out");
    }

    private ValueList<GroupId>? Guests(string where, PlacementRule about, ConfigEntry said)
    {
        if (reading.Mentioned(said.Value, $"{where}.{said.Key}", ConfigNoun.Guest, GuestsLike) is not { } names)
            return null;
        var least = about.IsBetweenGuests ? 2 : 1;
        if (names.Count < least || names.Count > RuleBook.MostGuestsOfARule)
        {
            reading.Wrong(said.Line, $"{where}.{said.Key}: {names.Count} guests: name {least} to {RuleBook.MostGuestsOfARule}");
        }

        return names.Select(guest => new GroupId(guest)).Order().ToValueList();
    }

    private ValueList<HostLabel>? Hosts(ConfigNode node, string where)
    {
        if (reading.Names(node, where, "[host=n1, gpu]") is not { } names)
            return null;
        if (names.Count == 0)
            reading.Wrong(node.Line, $"{where}: no host: name hosts or labels, such as [host=n1] or [rack=r1]");
        foreach (var name in names)
        {
            var label = Label(name.Value);
            var isHost = label.Key == HostLabel.NameKey;
            reading.Mention(name.Line, where, isHost ? ConfigNoun.Host : ConfigNoun.Label, isHost ? label.Value : name.Value);
        }

        return names.Select(name => Label(name.Value)).Order().ToValueList();
    }

    private string? Domain(ConfigNode node, string where)
    {
        if (reading.Text(node, where, "name a kind of failure domain, such as rack") is not { } kind)
            return null;
        reading.Mention(node.Line, where, ConfigNoun.Domain, kind);
        return kind;
    }
}
