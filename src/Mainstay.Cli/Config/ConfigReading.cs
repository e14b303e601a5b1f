using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Core.Ordering;

namespace Mainstay.Cli.Config;

/// <summary>What kind of thing a name in the file stands for.</summary>
internal enum ConfigNoun
{
    Host,
    Guest,

    /// <summary>A label that some host has.</summary>
    Label,

    /// <summary>The key of a label with a value, that some host has.</summary>
    Domain,
}

/// <summary>The file names something that the cluster should have.</summary>
internal sealed record ConfigMention(int Line, string Where, ConfigNoun Noun, string Name);

/// <summary>Takes values out of nodes and collects what is wrong with them, so that a file is complained about once and in full.</summary>
internal sealed class ConfigReading
{
    public List<ConfigProblem> Problems { get; } = [];

    public List<ConfigMention> Mentions { get; } = [];

    public void Wrong(int line, string text) => Problems.Add(new ConfigProblem(line, text));

    public void Mention(int line, string where, ConfigNoun noun, string name) => Mentions.Add(new(line, where, noun, name));

    /// <summary>The keys and values of a mapping, whatever the keys are; none when nothing is written.</summary>
    public IReadOnlyList<ConfigEntry> Entries(ConfigNode node, string where, string like)
    {
        switch (node)
        {
            case ConfigNode.Map map:
                return map.Entries;
            case ConfigNode.Text { Value: "" }:
                return [];
            default:
                Wrong(node.Line, $"{where}: {Kind(node)} stands where keys with values belong, such as {like}");
                return [];
        }
    }

    /// <summary>The same where only some keys have a meaning; others are reported and left out.</summary>
    public IReadOnlyList<ConfigEntry> Known(ConfigNode node, string where, params string[] keys)
    {
        var entries = Entries(node, where, $"{keys[0]}: …");
        foreach (var entry in entries.Where(entry => !keys.Contains(entry.Key)))
        {
            Wrong(entry.Line, $"{where}: there is no key '{entry.Key}'{NearWord.Meant(entry.Key, keys)}; keys: {string.Join(", ", keys)}");
        }

        return [.. entries.Where(entry => keys.Contains(entry.Key))];
    }

    public string? Text(ConfigNode node, string where, string mend)
    {
        if (node is ConfigNode.Text { Value.Length: > 0 } text)
            return text.Value;
        Wrong(node.Line, $"{where}: {(node is ConfigNode.Text ? "no value is written" : $"{Kind(node)} is no value here")}: {mend}");
        return null;
    }

    public string? Word(ConfigNode node, string where, params string[] words)
    {
        var mend = $"give {string.Join(", ", words[..^1])} or {words[^1]}";
        if (Text(node, where, mend) is not { } text)
            return null;
        if (words.Contains(text))
            return text;
        Wrong(node.Line, $"{where}: '{text}' is none of its values{NearWord.Meant(text, words)}: {mend}");
        return null;
    }

    public int? Number(ConfigNode node, string where, int least, int most, string meaning)
    {
        var mend = $"give {least} to {most}{meaning}";
        if (Text(node, where, mend) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Wrong(node.Line, $"{where}: '{text}' does not fit: {mend}");
        return null;
    }

    /// <summary>A duration; a number without a unit is none, since nobody could tell which was meant.</summary>
    public TimeSpan? Time(ConfigNode node, string where, TimeSpan least, TimeSpan most) =>
        Text(node, where, DurationText.Mend) is { } text ? Time(text, node.Line, where, least, most) : null;

    public TimeSpan? Time(string text, int line, string where, TimeSpan least, TimeSpan most)
    {
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
            Wrong(line, $"{where}: '{text}' has no unit: write {text}s for seconds, or {text}ms, {text}m, {text}h");
        else if (DurationText.Parse(text) is not { } time)
            Wrong(line, $"{where}: '{text}' is no duration. {DurationText.Mend}");
        else if (time < least || time > most)
            Wrong(line, $"{where}: '{text}' does not fit: give {StartDependency.Words(least)} to {StartDependency.Words(most)}");
        else
            return TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds)); // As the cluster keeps it.
        return null;
    }

    /// <summary>A list of words, none twice. Null when it is no such list.</summary>
    public IReadOnlyList<ConfigNode.Text>? Names(ConfigNode node, string where, string like)
    {
        if (node is not ConfigNode.List list)
        {
            Wrong(node.Line, $"{where}: {Kind(node)} stands where a list belongs: write it as {like}");
            return null;
        }

        var names = new List<ConfigNode.Text>();
        foreach (var item in list.Items)
        {
            if (item is not ConfigNode.Text { Value.Length: > 0 } name)
                Wrong(item.Line, $"{where}: {Kind(item)} is no name: write the list as {like}");
            else if (names.Any(other => other.Value == name.Value))
                Wrong(item.Line, $"{where}: '{name.Value}' stands in the list twice: leave one out");
            else
                names.Add(name);
        }

        return names;
    }

    public IReadOnlyList<string>? Mentioned(ConfigNode node, string where, ConfigNoun noun, string like)
    {
        var names = Names(node, where, like);
        foreach (var name in names ?? [])
            Mention(name.Line, where, noun, name.Value);
        return names?.Select(name => name.Value).ToArray();
    }

    private static string Kind(ConfigNode node) => node switch
    {
        ConfigNode.Text { Value: "" } => "nothing",
        ConfigNode.Text text => $"'{text.Value}'",
        ConfigNode.List => "a list",
        ConfigNode.Map => "a mapping",
    };
}
