using Mainstay.Core.Model;

namespace Mainstay.Cli.Config;

/// <summary>From a configuration file to what it asks for. What is wrong is collected, all of it.</summary>
internal sealed class ConfigReader
{
    /// <summary>As the agent accepts it.</summary>
    private const int MostOvercommit = 1000;

    private readonly ConfigReading reading = new();
    private readonly WantedConfig wanted = new();

    private ConfigReader()
    {
    }

    public static (WantedConfig Wanted, ConfigReading Reading) Read(string text)
    {
        var reader = new ConfigReader();
        if (ConfigTree.Read(text, reader.reading.Problems) is { } root)
            reader.Sections(root);
        return (reader.wanted, reader.reading);
    }

    private void Sections(ConfigNode root)
    {
        foreach (var section in reading.Known(root, "the file", "cluster", "hosts", "guests", "rules", "apps", "complete"))
        {
            switch (section.Key)
            {
                case "cluster":
                    Cluster(section.Value);
                    break;
                case "hosts":
                    foreach (var host in reading.Entries(section.Value, "hosts", "n1: {labels: [rack=r1]}"))
                        Host(host);
                    break;
                case "guests":
                    foreach (var guest in reading.Entries(section.Value, "guests", "db: {tier: 0}"))
                        Guest(guest);
                    break;
                case "rules":
                    new RuleReader(reading, wanted).Read(section.Value);
                    break;
                case "apps":
                    foreach (var app in reading.Entries(section.Value, "apps", "shop: [db, web]"))
                        App(app);
                    break;
                case "complete":
                    Complete(section.Value);
                    break;
            }
        }
    }

    private void Cluster(ConfigNode node)
    {
        foreach (var (_, key, value) in reading.Known(node, "cluster", "profile", "capacity", "overcommit"))
        {
            var where = $"cluster.{key}";
            if (key == "profile")
                wanted.Profile = reading.Word(value, where, "aggressive", "balanced", "conservative");
            else if (key == "overcommit")
                wanted.Overcommit = reading.Number(
                    value, where, 0, MostOvercommit, " virtual processors for each processor (0: any number)");
            else
                Capacity(value, where);
        }
    }

    private void Capacity(ConfigNode node, string where)
    {
        foreach (var (_, key, value) in reading.Known(node, where, "losses", "domains"))
        {
            if (key == "losses")
                wanted.Losses = reading.Number(value, $"{where}.losses", 0, CapacityPolicy.MostLosses, " hosts");
            else
                wanted.Domains = reading.Mentioned(value, $"{where}.domains", ConfigNoun.Domain, "[rack]")
                    ?.Order(StringComparer.Ordinal).ToArray();
        }
    }

    private void Host(ConfigEntry host)
    {
        var where = $"hosts.{host.Key}";
        ValueList<HostLabel>? labels = null;
        string? maintenance = null;
        reading.Mention(host.Line, "hosts", ConfigNoun.Host, host.Key);
        foreach (var (_, key, value) in reading.Known(host.Value, where, "labels", "maintenance"))
        {
            if (key == "labels")
                labels = Labels(value, $"{where}.labels");
            else
                maintenance = reading.Word(value, $"{where}.maintenance", "off", "on", "drain");
        }

        wanted.Hosts.Add(new WantedHost(host.Key, labels, maintenance));
    }

    private ValueList<HostLabel>? Labels(ConfigNode node, string where)
    {
        if (reading.Names(node, where, "[rack=r1, gpu]") is not { } names)
            return null;
        var labels = new SortedDictionary<string, HostLabel>(StringComparer.Ordinal);
        var problems = reading.Problems.Count;
        foreach (var name in names)
        {
            var label = RuleReader.Label(name.Value);
            if (!HostLabel.IsWord(label.Key) || (name.Value.Contains('=', StringComparison.Ordinal) && !HostLabel.IsWord(label.Value)))
                reading.Wrong(
                    name.Line, $"{where}: '{name.Value}' is no label: write KEY=VALUE or KEY, of letters, digits, '-', '_' and '.'");
            else if (label.Key == HostLabel.NameKey)
                reading.Wrong(name.Line, $"{where}: '{name.Value}': in rules 'host' stands for the name of a host; give it another key");
            else if (!labels.TryAdd(label.Key, label))
                reading.Wrong(name.Line, $"{where}: '{name.Value}' and '{labels[label.Key]}' have the same key: leave one out");
        }

        if (names.Count > HostLabel.MostOfAHost)
            reading.Wrong(node.Line, $"{where}: {names.Count} labels: a host has at most {HostLabel.MostOfAHost}");
        // Not half a list: what else speaks of labels would be complained about as well.
        return reading.Problems.Count > problems ? null : labels.Values.Order().ToValueList();
    }

    private void Guest(ConfigEntry guest)
    {
        var where = $"guests.{guest.Key}";
        var policies = new List<KeyValuePair<GuestField, string>>();
        reading.Mention(guest.Line, "guests", ConfigNoun.Guest, guest.Key);
        var entries = reading.Known(guest.Value, where, [.. GuestField.All.Select(field => field.Name), AfterReader.Key]);
        foreach (var field in GuestField.All)
        {
            if (entries.FirstOrDefault(entry => entry.Key == field.Name) is { } said
                && field.Read(reading, said.Value, $"{where}.{field.Name}") is { } value)
                policies.Add(new(field, value));
        }

        var after = entries.FirstOrDefault(entry => entry.Key == AfterReader.Key) is { } order
            ? new AfterReader(reading, guest.Key).Read(order.Value)
            : null;
        wanted.Guests.Add(new WantedGuest(guest.Key, policies, after));
    }

    private void App(ConfigEntry app)
    {
        var where = $"apps.{app.Key}";
        if (app.Key.Length is 0 or > 60 || !app.Key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            reading.Wrong(app.Line, $"{where}: '{app.Key}' is no name of an application; use letters, digits, '-', '_' and '.', 1 to 60");
        if (reading.Mentioned(app.Value, where, ConfigNoun.Guest, "[db, web]") is not { } guests)
            return;
        if (guests.Count == 0)
            reading.Wrong(
                app.Line, $"{where}: an application has at least one guest. To remove it, leave it out and write complete: [apps]");
        foreach (var guest in guests)
        {
            if (wanted.Apps.FirstOrDefault(other => other.Guests.Contains(guest)) is { } other)
                reading.Wrong(
                    app.Line,
                    $"{where}: '{guest}' is part of '{other.Name}' in line {other.Line}: a guest is part of one application");
        }

        wanted.Apps.Add(new WantedApp(app.Key, [.. guests.Order(StringComparer.Ordinal)], app.Line));
    }

    private void Complete(ConfigNode node)
    {
        const string where = "complete";
        foreach (var section in reading.Names(node, where, "[rules, apps]") ?? [])
        {
            _ = reading.Word(section, where, "rules", "apps");
            wanted.RulesComplete |= section.Value == "rules";
            wanted.AppsComplete |= section.Value == "apps";
        }
    }
}
