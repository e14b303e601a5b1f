using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Fencing;

/// <summary>Compares the options of a fence method with the agent's metadata. Pure.</summary>
internal static class OptionCheck
{
    // What these do is decided here (action), or they would write secrets to places of their own (verbose, debug).
    private static readonly string[] Ours = ["action", "verbose", "verbose_level", "debug", "debug_file", "quiet", "help", "version"];
    private static readonly string[] Words = ["0", "1", "no", "yes", "off", "on", "false", "true"];

    public static FenceMethodCheck Check(FenceMethod method, AgentMetadata metadata)
    {
        var findings = new List<string>();
        var options = new SortedDictionary<string, FenceOption>(StringComparer.Ordinal);
        foreach (var option in method.Options)
        {
            if (Resolve(method.Agent, option, metadata, findings) is not { } parameter)
                continue;
            CheckValue(option, parameter, findings);
            if (!options.TryAdd(parameter.Name, new FenceOption(parameter.Name, option.Value, option.Secret || parameter.Secret)))
                findings.Add($"option {parameter.Name} is given twice; give it once");
        }

        CheckMissing(method.Agent, options, metadata, findings);
        return findings.Count == 0
            ? new FenceMethodCheck.Valid(method with { Options = options.Values.ToValueList() })
            : new FenceMethodCheck.Invalid(findings.ToValueList());
    }

    private static AgentParameter? Resolve(string agent, FenceOption option, AgentMetadata metadata, List<string> findings)
    {
        var name = AgentMetadata.Normal(option.Name);
        if (Ours.Contains(name))
        {
            findings.Add($"option {name} is set by Mainstay itself; leave it out");
            return null;
        }

        if (metadata.Parameters.FirstOrDefault(p => p.Obsoletes == name) is { } newer)
            return newer;
        if (metadata.Find(name) is { } parameter)
            return parameter;
        var near = Nearest(name, metadata.Parameters.Where(p => !p.Deprecated && !Ours.Contains(p.Name)).Select(p => p.Name));
        findings.Add(near is null
            ? $"{agent} has no option '{option.Name}'; it has {Names(metadata)}"
            : $"{agent} has no option '{option.Name}'; did you mean '{near}'?");
        return null;
    }

    private static void CheckValue(FenceOption option, AgentParameter parameter, List<string> findings)
    {
        var value = option.Value;
        if (value.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            findings.Add($"option {parameter.Name} contains a line break; options are single lines");
            return;
        }

        var shown = parameter.Secret || option.Secret ? "(secret)" : value;
        switch (parameter.Type)
        {
            case "boolean" when !Words.Contains(value, StringComparer.OrdinalIgnoreCase):
                findings.Add($"option {parameter.Name}='{shown}' is no boolean; give 1 or 0");
                break;
            case "integer" or "second" when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _):
                findings.Add($"option {parameter.Name}='{shown}' is no whole number");
                break;
            case "select" when !parameter.Choices.IsEmpty && !parameter.Choices.Contains(value):
                findings.Add($"option {parameter.Name}='{shown}' is not one of {string.Join(", ", parameter.Choices)}");
                break;
            case not "boolean" when value.Length == 0:
                findings.Add($"option {parameter.Name} is empty; give it a value or leave it out");
                break;
        }
    }

    private static void CheckMissing(
        string agent, SortedDictionary<string, FenceOption> given, AgentMetadata metadata, List<string> findings)
    {
        foreach (var parameter in metadata.Parameters)
        {
            var needed = parameter is { Required: true, Deprecated: false, Default: null } && !Ours.Contains(parameter.Name);
            if (needed && !given.ContainsKey(parameter.Name))
                findings.Add($"{agent} needs option {parameter.Name} ({parameter.Text})");
        }

        // Many agents declare the address optional only because a plug may stand in for it.
        var addressed = given.ContainsKey("ip") || (given.ContainsKey("plug") && given.ContainsKey("port_as_ip"));
        if (metadata.Find("ip") is { Required: false, Default: null } && !addressed)
            findings.Add($"{agent} needs option ip (the address of the fencing device)");
    }

    private static string Names(AgentMetadata metadata) =>
        string.Join(", ", metadata.Parameters.Where(p =>
            !p.Deprecated && !Ours.Contains(p.Name)).Select(p => p.Name).Order(StringComparer.Ordinal));

    /// <summary>The closest name within a third of its length in edits, or one that contains it; null when none is close.</summary>
    private static string? Nearest(string name, IEnumerable<string> candidates) =>
        candidates
            .Select(c => (Name: c, Far: c.StartsWith(name, StringComparison.Ordinal) || name.StartsWith(c, StringComparison.Ordinal)
                ? 1
                : Edits(name, c)))
            .Where(c => c.Far <= Math.Max(1, c.Name.Length / 3))
            .OrderBy(c => c.Far)
            .ThenBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => c.Name)
            .FirstOrDefault();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Edits(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
