using Mainstay.Core.Model;
using Mainstay.Core.Ordering;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>How scenarios write what a guest is started after.</summary>
internal static class OrderWords
{
    /// <summary>The guest with what the word says of its order; null when it is about something else.</summary>
    public static GuestStart? Attribute(string word, GuestStart guest, int line)
    {
        if (word.StartsWith("after=", StringComparison.Ordinal))
        {
            return TryEdge(word["after=".Length..], out var edge)
                ? guest with { Order = guest.Order.With(edge) }
                : throw new ScenarioException(
                    line, $"'{word}' is not understood: write it such as after=db, after=db:agent or after=db:delay=30s:limit=2m:hold");
        }

        if (word.StartsWith("app=", StringComparison.Ordinal))
            return guest with { Order = guest.Order with { Application = word["app=".Length..] } };
        if (!word.StartsWith("agent-after=", StringComparison.Ordinal))
            return null;
        return Values.TryTime(word["agent-after=".Length..], out var after)
            ? guest with { AgentAfter = after }
            : throw new ScenarioException(line, $"'{word}' is not a time: write it such as agent-after=10s");
    }

    /// <summary><c>NAME[:started|agent|delay=TIME][:limit=TIME][:continue|hold]</c>.</summary>
    public static bool TryEdge(string text, out StartDependency edge)
    {
        var parts = text.Split(':');
        edge = new StartDependency(
            new GroupId(parts[0]), StartGate.Started, TimeSpan.Zero, StartDependency.DefaultLimit, OnLimit.Continue);
        foreach (var part in parts.Skip(1))
        {
            if (part.StartsWith("delay=", StringComparison.Ordinal) && Values.TryTime(part["delay=".Length..], out var delay))
                edge = edge with { Gate = StartGate.Delay, Delay = delay };
            else if (part.StartsWith("limit=", StringComparison.Ordinal) && Values.TryTime(part["limit=".Length..], out var limit))
                edge = edge with { Limit = limit };
            else if (part is "started" or "agent")
                edge = edge with { Gate = part == "agent" ? StartGate.Agent : StartGate.Started };
            else if (part is "continue" or "hold")
                edge = edge with { Then = part == "hold" ? OnLimit.Hold : OnLimit.Continue };
            else
                return false;
        }

        return parts[0].Length > 0;
    }

    /// <summary>Every guest that another one is started after is in the file.</summary>
    public static void Check(IReadOnlyList<GuestStart> guests, int line)
    {
        var known = new SortedSet<GroupId>(guests.Where(guest => guest.Protected).Select(guest => guest.Id));
        foreach (var guest in guests)
        {
            foreach (var edge in guest.Order.After)
            {
                if (!known.Contains(edge.On))
                {
                    throw new ScenarioException(
                        line, $"'{guest.Id}' is started after '{edge.On}', which is no protected guest of this file");
                }
            }
        }
    }
}
