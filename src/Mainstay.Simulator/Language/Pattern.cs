using Mainstay.Core.Facts;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>
/// The form of a statement: words in lower case stand for themselves, words in capitals for a value of that kind. The same text is the
/// reference: <c>docs/reference/scenarios.md</c> lists every pattern.
/// </summary>
internal sealed class Pattern(string text)
{
    private readonly string[] parts = text.Split(' ');

    public string Text => text;

    public string FirstWord => parts[0];

    /// <summary>Null when it does not fit; then it says how far it did and what was expected there.</summary>
    public Words? Match(IReadOnlyList<string> words, Names names, out int reached, out string expected)
    {
        var found = new Words();
        reached = 0;
        foreach (var part in parts)
        {
            var taken = Take(part, words, reached, names, found);
            if (taken < 0)
            {
                expected = Expectation(part, names);
                return null;
            }

            reached += taken;
        }

        expected = "the end of the line";
        return reached == words.Count ? found : null;
    }

    /// <summary>How many words the part takes; -1 when it does not fit.</summary>
    private static int Take(string part, IReadOnlyList<string> words, int at, Names names, Words found)
    {
        switch (part)
        {
            case "FIELDS":
                return TakeFields(words, at, found);
            case "LIST":
                return TakeList(words, at, names, found);
            case "RULETEXT":
                return TakeRule(words, at, found);
        }

        if (at >= words.Count)
            return -1;
        return TakeOne(part, words[at], names, found) ? 1 : -1;
    }

    private static bool TakeOne(string part, string word, Names names, Words found)
    {
        switch (part)
        {
            case "HOST":
                return names.IsHost(word) && Keep(found.Hosts, word);
            case "HOSTS":
                var several = word.Split('|').ToList();
                return several.TrueForAll(names.IsHost) && Keep(found.HostLists, several);
            case "GUEST":
                return names.IsGuest(word) && Keep(found.Guests, word);
            case "STORAGE":
                return names.Storages.Contains(word) && Keep(found.Storages, word);
            case "NET":
                return Array.IndexOf(SimNetwork.Names, word) is var network and >= 0 && Keep(found.Networks, network);
            case "TIME":
                return Values.TryTime(word, out var time) && Keep(found.Times, time);
            case "PERCENT":
                return Values.TryPercent(word, out var percent) && Keep(found.Numbers, percent);
            case "PPM":
                return Values.TryPerMillion(word, out var millionths) && Keep(found.Numbers, millionths);
            case "NUMBER":
                return Values.TryCount(word, out var number) && Keep(found.Numbers, number);
            case "PROCESS":
                return Vocabulary.TryProcess(word, out var process) && Keep(found.Processes, process);
            case "FACT":
                return Vocabulary.IsFact(word) && Keep(found.Texts, word);
            case "RULE":
                return Vocabulary.IsRule(word) && Keep(found.Texts, word);
            case "HOSTSTATE":
                return Vocabulary.IsHostState(word) && Keep(found.Texts, word);
            case "GUESTSTATE":
                return Vocabulary.IsGuestState(word) && Keep(found.Texts, word);
            case "NEWNAME":
                return !names.IsTaken(word) && Vocabulary.IsName(word) && Keep(found.Texts, word);
            case "EDGE":
                return OrderWords.TryEdge(word, out var edge) && names.IsGuest(edge.On.Name) && Keep(found.Edges, edge);
            case "TEXT":
                return Keep(found.Texts, word);
            default:
                return part == word;
        }
    }

    private static int TakeFields(IReadOnlyList<string> words, int at, Words found)
    {
        var taken = 0;
        for (; at + taken < words.Count; taken++)
        {
            var (name, value) = words[at + taken].IndexOf('=', StringComparison.Ordinal) is var split and > 0
                ? (words[at + taken][..split], words[at + taken][(split + 1)..])
                : ("", "");
            if (name.Length == 0)
                break;
            found.Fields.Add(new FactField(name, value));
        }

        return taken;
    }

    private static int TakeRule(IReadOnlyList<string> words, int at, Words found)
    {
        var rest = words.Skip(at).ToArray();
        if (RuleWords.Parse(rest, out _) is null)
            return -1;
        found.Texts.Add(string.Join(' ', rest));
        return rest.Length;
    }

    private static int TakeList(IReadOnlyList<string> words, int at, Names names, Words found)
    {
        var list = words.Skip(at).TakeWhile(names.IsHost).ToList();
        found.HostLists.Add(list);
        return list.Count > 0 ? list.Count : -1;
    }

    private static bool Keep<T>(List<T> list, T value)
    {
        list.Add(value);
        return true;
    }

    private static string Expectation(string part, Names names) => part switch
    {
        "HOST" or "LIST" => $"a host ({string.Join(", ", names.Hosts)}, leader, store-leader)",
        "HOSTS" => $"one or more hosts with '|' between them ({string.Join(", ", names.Hosts)})",
        "GUEST" => names.Guests.Count > 0 ? $"a guest ({string.Join(", ", names.Guests)})" : "a guest, but the file names none",
        "STORAGE" => names.Storages.Count > 0 ? $"a storage ({string.Join(", ", names.Storages)})" : "a storage, but the file names none",
        "NET" => $"a network ({string.Join(", ", SimNetwork.Names)})",
        "TIME" => "a time such as 300ms, 5s or 2m",
        "PERCENT" => "a share from 0% to 100%",
        "PPM" => "a rate such as 1000ppm or -500ppm, at most 100000ppm",
        "NUMBER" => "a whole number",
        "PROCESS" => $"a process ({string.Join(", ", Vocabulary.Processes)})",
        "FACT" => "the name of a fact, such as HostFenced",
        "RULE" => $"a rule ({string.Join(", ", Vocabulary.Rules)})",
        "HOSTSTATE" => $"a state of a host ({string.Join(", ", Vocabulary.HostStates)})",
        "GUESTSTATE" => $"a state of a guest ({string.Join(", ", Vocabulary.GuestStates)})",
        "RULETEXT" => $"a rule: {RuleWords.Form}",
        "NEWNAME" => "a name that is not in use: letters, digits and '-'",
        "EDGE" => $"a guest to start after, such as {names.Guests.FirstOrDefault() ?? "db"}, db:agent or db:delay=30s:limit=2m:hold",
        "TEXT" => "a text in double quotes",
        _ => $"'{part}'",
    };
}
