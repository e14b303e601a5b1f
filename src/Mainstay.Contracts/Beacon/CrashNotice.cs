using System.Globalization;
using System.Text;
using Mainstay.Core.Model;

namespace Mainstay.Contracts.Beacon;

/// <summary>
/// What a host's crash kernel needs to tell the others that a session has crashed, as the text file that goes into its initial file system.
/// One item a line; lines that are not known are skipped.
/// </summary>
/// <param name="Key">The cluster's key in base64.</param>
/// <param name="Peers">Numeric addresses of all peers on all networks.</param>
public sealed record CrashNotice(string Key, int Number, SessionId Session, int Port, ValueList<string> Peers)
{
    public string ToText()
    {
        var text = new StringBuilder("# Written by mainstay-agent for the crash kernel. Contains the cluster's key.\n");
        text.Append(CultureInfo.InvariantCulture, $"key {Key}\nnumber {Number}\nsession {Session}\nport {Port}\n");
        foreach (var peer in Peers)
            text.Append(CultureInfo.InvariantCulture, $"peer {peer}\n");
        return text.ToString();
    }

    /// <summary>Null when something is missing or no value of its kind; then <paramref name="why"/> says what.</summary>
    public static CrashNotice? Parse(string text, out string why)
    {
        string? Value(string name) => Lines(text, name).FirstOrDefault();
        why = "";
        if (Value("key") is not { } key || BeaconSeal.FromText(key) is null)
            why = "it has no key of a cluster";
        else if (!ushort.TryParse(Value("number"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            why = "it has no host number from 1 to 65535";
        else if (!SessionId.TryParse(Value("session") ?? "", out var session))
            why = "it has no session";
        else if (!ushort.TryParse(Value("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            why = "it has no port from 1 to 65535";
        else
            return new CrashNotice(key, number, session, port, Lines(text, "peer").ToValueList());
        return null;
    }

    private static IEnumerable<string> Lines(string text, string name) => text.Split('\n')
        .Where(line => line.StartsWith($"{name} ", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..].Trim());
}
