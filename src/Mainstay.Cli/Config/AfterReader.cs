using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Ordering;

namespace Mainstay.Cli.Config;

/// <summary>Whom a guest waits for when several are started: a list of names, or of mappings with gate, limit and then.</summary>
internal sealed class AfterReader(ConfigReading reading, string guest)
{
    public const string Key = "after";

    private static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(1);

    private string Where => $"guests.{guest}.{Key}";

    public ValueList<StartDependency>? Read(ConfigNode node)
    {
        if (node is not ConfigNode.List list)
        {
            reading.Wrong(node.Line, $"{Where}: a list belongs here, such as [db], or - {{guest: db, gate: agent}} in a line for each");
            return null;
        }

        var edges = new SortedDictionary<GroupId, StartDependency>();
        foreach (var item in list.Items)
        {
            if ((item is ConfigNode.Text name ? Edge(name) : Edge(item)) is { } edge && !edges.TryAdd(edge.On, edge))
                reading.Wrong(item.Line, $"{Where}: '{edge.On}' stands in the list twice: leave one out");
        }

        if (edges.Count > GroupOrder.MostDependencies)
            reading.Wrong(node.Line, $"{Where}: {edges.Count} guests: {GroupOrder.MostDependencies} are the most");
        return edges.Values.ToValueList();
    }

    private StartDependency? Edge(ConfigNode.Text name)
    {
        if (reading.Text(name, Where, "name a guest") is not { } other)
            return null;
        if (other == guest)
            reading.Wrong(name.Line, $"{Where}: '{guest}' cannot be started after itself; name another guest");
        else
            reading.Mention(name.Line, Where, ConfigNoun.Guest, other);
        return new StartDependency(new GroupId(other), StartGate.Started, TimeSpan.Zero, StartDependency.DefaultLimit, OnLimit.Continue);
    }

    private StartDependency? Edge(ConfigNode item)
    {
        var entries = reading.Known(item, Where, "guest", "gate", "limit", "then");
        if (entries.FirstOrDefault(entry => entry.Key == "guest")?.Value is not { } named)
        {
            if (item is ConfigNode.Map)
                reading.Wrong(item.Line, $"{Where}: whom it waits for is missing: add guest: NAME");
            return null;
        }

        if (named is not ConfigNode.Text name)
        {
            reading.Wrong(named.Line, $"{Where}.guest: one name belongs here; write a line for each guest");
            return null;
        }

        var edge = Edge(name);
        foreach (var (_, key, value) in entries)
        {
            var where = $"{Where}.{key}";
            edge = key switch
            {
                "gate" when edge is not null => Gate(edge, value, where),
                "limit" when edge is not null => edge with
                {
                    Limit = reading.Time(value, where, StartDependency.LeastLimit, StartDependency.MostLimit) ?? edge.Limit,
                },
                "then" when edge is not null => edge with
                {
                    Then = OrderCodec.Then(reading.Word(value, where, "continue", "hold") ?? "") ?? edge.Then,
                },
                _ => edge,
            };
        }

        return edge;
    }

    private StartDependency Gate(StartDependency edge, ConfigNode node, string where)
    {
        const string mend = "give started, agent or delay=TIME, such as delay=30s";
        const string delay = "delay=";
        if (reading.Text(node, where, mend) is not { } text)
            return edge;
        if (text is "started" or "agent")
            return edge with { Gate = text == "agent" ? StartGate.Agent : StartGate.Started, Delay = TimeSpan.Zero };
        if (!text.StartsWith(delay, StringComparison.Ordinal))
            reading.Wrong(node.Line, $"{where}: '{text}' is no gate{NearWord.Meant(text, ["started", "agent", "delay=30s"])}: {mend}");
        else if (reading.Time(text[delay.Length..], node.Line, where, LeastDelay, StartDependency.MostLimit) is { } time)
            return edge with { Gate = StartGate.Delay, Delay = time };
        return edge;
    }
}
