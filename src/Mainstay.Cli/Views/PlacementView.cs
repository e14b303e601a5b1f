using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>What placement goes by: rules and labels, room and scores.</summary>
internal sealed class PlacementView(TextWriter to, Ink ink)
{
    public void Write(RuleList list)
    {
        if (list.Rules.Count == 0)
        {
            to.WriteLine("No rules: every guest may run on every host that has room. See mainstay rule set --help.");
            return;
        }

        var table = new TextTable("RULE", "SAYS", "NOW");
        foreach (var rule in list.Rules)
        {
            table.Add(
                new Cell(rule.Name, Tone.Strong),
                rule.Text,
                rule.Broken is { } broken ? new Cell($"does not hold: {broken}", Tone.Warning) : new Cell("holds", Tone.Good));
        }

        table.Write(to, ink);
    }

    public void Write(HostList list)
    {
        var table = new TextTable("HOST", "STATE", "MEMORY", "LOAD", "GUESTS", "LABELS").AlignRight(2).AlignRight(3).AlignRight(4);
        foreach (var host in list.Hosts)
        {
            table.Add(
                new Cell(host.Name, Tone.Strong),
                host.Witness ? $"{host.State}, witness" : host.State,
                host is { UsedMiB: { } used, MemoryMiB: { } all } ? string.Create(CultureInfo.InvariantCulture, $"{used}/{all} MiB") : "-",
                host.LoadPercent is { } load ? string.Create(CultureInfo.InvariantCulture, $"{load}%") : "-",
                host.Guests.ToString(CultureInfo.InvariantCulture),
                host.Labels.Count == 0 ? "-" : string.Join(' ', host.Labels));
        }

        table.Write(to, ink);
    }

    /// <summary>How each host did, with what its score is made of.</summary>
    public void Write(ExplainedDecision decision)
    {
        string[] names =
        [
            .. decision.Considered.SelectMany(host => host.Parts).Select(part => part.Name).Distinct()
                .OrderBy(name => Array.IndexOf(Order, name)),
        ];
        var table = new TextTable(["  HOST", "SCORE", .. names.Select(name => name.ToUpperInvariant()), "VERDICT"]);
        for (var column = 1; column <= names.Length + 1; column++)
            table.AlignRight(column);
        foreach (var host in decision.Considered)
        {
            table.Add(
            [
                new Cell("  " + host.Host, Tone.Strong),
                host.Rejected is null ? new Cell(host.Score.ToString(CultureInfo.InvariantCulture)) : new Cell("-"),
                .. names.Select(name => new Cell(Points(host, name))),
                host.Rejected is { } why ? new Cell($"rejected: {why}", Tone.Warning)
                    : host.Host == decision.Chosen ? new Cell("chosen", Tone.Good) : new Cell("possible"),
            ]);
        }

        if (!table.IsEmpty)
            table.Write(to, ink);
    }

    public void Write(string guest, ExplainedPlace place)
    {
        var (verdict, tone) = place.Possible ? ("would start", Tone.Good) : ("would not start", Tone.Warning);
        to.WriteLine(Ink.Clean($"{guest} ") + ink.Paint(verdict, tone) + Ink.Clean($" on {place.Host} now."));
        foreach (var reason in place.Reasons)
            to.WriteLine("  " + Ink.Clean(reason));
        if (place.Unknown.Count > 0)
            to.WriteLine("  " + ink.Paint(Ink.Clean($"Not known there, and no obstacle: {string.Join(", ", place.Unknown)}."), Tone.Faint));
    }

    private static readonly string[] Order = ["room", "load", "guests", "wish", "preference", "rules", "failures"];

    private static string Points(ExplainedHost host, string name) =>
        host.Parts.FirstOrDefault(part => part.Name == name) is { } part ? part.Points.ToString("+0;-0;0", CultureInfo.InvariantCulture) : "";
}
