using System.Globalization;
using System.Text;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;
using Mainstay.Core.Rules;

namespace Mainstay.Cli.Config;

/// <summary>Writes the cluster as a configuration file: a plan of it finds nothing to do.</summary>
internal sealed class ConfigExport
{
    private static readonly string[] OddWords = ["true", "false", "null", "yes", "no", "on", "off", "~"];

    private readonly StringBuilder text = new();

    private ConfigExport()
    {
    }

    public static string Of(SnapshotReply reply, ClusterView view)
    {
        var export = new ConfigExport();
        export.Line(0, $"# Cluster {reply.Cluster} as it was at {TimeText.Second(reply.Taken)}. See docs/guides/configuration-file.md");
        if (view.Settings?.Value is { } settings)
            export.Cluster(settings);
        export.Section("hosts", view.Hosts.Count);
        foreach (var (host, config) in view.Hosts)
            export.Host(host, config.Value);
        export.Section("guests", view.Groups.Count);
        foreach (var (guest, spec) in view.Groups)
            export.Guest(guest, spec.Value);
        export.Section("rules", view.Rules.Count);
        foreach (var rule in view.Rules)
            export.Rule(rule);
        var apps = AppPlan.Now(view);
        export.Section("apps", apps.Count);
        foreach (var (app, guests) in apps)
            export.Line(1, $"{Word(app)}: {List(guests)}");
        return export.text.ToString();
    }

    private void Cluster(ClusterSettings settings)
    {
        Section("cluster", 1);
        Line(1, $"profile: {StoredWords.Of(settings.Profile)}");
        Line(1, "capacity:");
        Line(2, $"losses: {Number(settings.Capacity.HostLosses)}");
        Line(2, $"domains: {List(settings.Capacity.Domains)}");
        Line(1, $"overcommit: {Number(settings.VcpusPerCpu)}");
    }

    private void Host(HostId host, HostConfig config)
    {
        Line(1, $"{Word(host.Name)}:");
        Line(2, $"labels: {List(config.Labels.Select(label => label.ToString()))}");
        Line(2, $"maintenance: {ConfigPlan.MaintenanceOf(config)}");
    }

    private void Guest(GroupId guest, GroupSpec spec)
    {
        Line(1, $"{Word(guest.Name)}:");
        foreach (var field in GuestField.All)
        {
            var value = field.Name == "prefer" ? List(spec.Prefers.Select(host => host.Name)) : field.Now(spec);
            Line(2, $"{field.Name}: {value}");
        }

        if (spec.Order.After.IsEmpty)
            Line(2, "after: []");
        else
            Line(2, "after:");
        foreach (var edge in spec.Order.After)
        {
            Line(3, $"- guest: {Word(edge.On.Name)}");
            Line(4, $"gate: {edge.GateText}");
            Line(4, $"limit: {StartDependency.Words(edge.Limit)}");
            Line(4, $"then: {OrderCodec.Of(edge.Then)}");
        }
    }

    private void Rule(PlacementRule rule)
    {
        var guests = List(rule.Groups.Select(group => group.Name));
        var kind = StoredWords.Of(rule.Kind).Replace('_', '-');
        Line(1, $"- name: {Word(rule.Name)}");
        Line(2, $"{kind}: {(rule.IsBetweenGuests ? guests : List(rule.Hosts.Select(host => host.ToString())))}");
        if (!rule.IsBetweenGuests)
            Line(2, $"guests: {guests}");
        if (rule.By is { } by)
            Line(2, $"by: {Word(by)}");
        if (rule.Kind == PlacementRuleKind.Spread)
            Line(2, $"limit: {Number(rule.Limit)}");
        Line(2, $"should: {(rule.Should ? "true" : "false")}");
    }

    private void Section(string name, int count)
    {
        if (count == 0)
            return;
        Line(0, "");
        Line(0, $"{name}:");
    }

    private void Line(int depth, string line) => text.Append(' ', depth * 2).Append(line).Append('\n');

    private static string List(IEnumerable<string> words) => $"[{string.Join(", ", words.Select(Word))}]";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Quoted where another reader of YAML could take it for something else than this text.
    private static string Word(string word) =>
        HostLabel.IsWord(word.Replace('=', '-')) && !word.All(c => char.IsAsciiDigit(c) || c == '.')
            && !OddWords.Contains(word.ToLowerInvariant())
            ? word
            : $"\"{string.Concat(word.Select(Escaped))}\"";

    private static string Escaped(char c) => c switch
    {
        '"' or '\\' => $"\\{c}",
        _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => c.ToString(),
    };
}
