using Mainstay.Core.Model;

namespace Mainstay.Fencing.Storage;

/// <summary>One target as <c>tgtadm --op show --mode target</c> prints it.</summary>
/// <param name="Id">The number by which tgtadm names it.</param>
/// <param name="Access">Addresses and initiator names that may log in; <c>ALL</c> for everybody.</param>
internal sealed record TgtState(string Id, ValueList<TgtConnection> Connections, ValueList<string> Access)
{
    /// <summary>Null when there is no such target.</summary>
    public static TgtState? Parse(string shown, string name)
    {
        var lines = shown.Split('\n').Select(line => line.TrimEnd()).ToList();
        var begin = lines.FindIndex(line => line.StartsWith("Target ", StringComparison.Ordinal)
            && line.EndsWith($": {name}", StringComparison.Ordinal));
        if (begin < 0)
            return null;
        var id = lines[begin]["Target ".Length..lines[begin].IndexOf(':', StringComparison.Ordinal)];
        var own = lines.Skip(begin + 1).TakeWhile(line => !line.StartsWith("Target ", StringComparison.Ordinal))
            .Select(line => line.Trim());
        var (connections, access) = (new List<TgtConnection>(), new List<string>());
        var (section, session, initiator, connection) = ("", "", "", "");
        foreach (var line in own)
        {
            if (line.EndsWith(" information:", StringComparison.Ordinal))
                section = line;
            else if (section == "ACL information:" && line.Length > 0)
                access.Add(line);
            else if (section != "I_T nexus information:")
                continue;
            else if (After(line, "I_T nexus: ") is { } nexus)
                session = nexus;
            else if (After(line, "Initiator: ") is { } who)
                initiator = who.Split(' ')[0];
            else if (After(line, "Connection: ") is { } number)
                connections.Add(new TgtConnection(session, connection = number, initiator, ""));
            else if (After(line, "IP Address: ") is { } address && connections.Count > 0 && connection.Length > 0)
                connections[^1] = connections[^1] with { Address = address };
        }

        return new TgtState(id, connections.ToValueList(), access.ToValueList());
    }

    private static string? After(string line, string label) =>
        line.StartsWith(label, StringComparison.Ordinal) ? line[label.Length..] : null;
}

/// <summary>A connection of an initiator to a target.</summary>
internal sealed record TgtConnection(string Session, string Number, string Initiator, string Address)
{
    public bool IsOf(ValueList<string> clients) => clients.Contains(Initiator) || clients.Contains(Address);
}
