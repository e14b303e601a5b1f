using System.Globalization;
using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Views;

/// <summary>How hosts are used, and which moves would even that out.</summary>
internal sealed class BalanceView(TextWriter to, Ink ink)
{
    public void Write(BalanceReport report)
    {
        to.WriteLine($"Imbalance: {Points(report.ImbalanceBefore)}"
            + (report.Moves.Count > 0 ? $", and {Points(report.ImbalanceAfter)} after {Moves(report.Moves.Count)}." : "."));
        if (report.Hosts.Count > 0)
        {
            to.WriteLine();
            var hosts = new TextTable("HOST", "MEMORY", "THEN", "CPU", "THEN").AlignRight(1, 2, 3, 4);
            foreach (var host in report.Hosts)
            {
                hosts.Add(
                    new Cell(host.Host, Tone.Strong), Percent(host.MemoryBefore), Percent(host.MemoryAfter), Percent(host.CpuBefore),
                    Percent(host.CpuAfter));
            }

            hosts.Write(to, ink);
        }

        to.WriteLine();
        if (report.Moves.Count == 0)
        {
            to.WriteLine("No move is worth the shutdown of a guest.");
            return;
        }

        var moves = new TextTable("GUEST", "FROM", "TO", "GAIN", "").AlignRight(3);
        foreach (var move in report.Moves)
        {
            moves.AddWithNotes(
                [move.Why],
                new Cell(move.Guest, Tone.Strong), move.From, move.To, Points(move.Gain),
                move.Outcome == "proposed" ? "" : new Cell(move.Outcome.Replace('_', ' '), ToneOf(move.Outcome)));
        }

        moves.Write(to, ink);
        if (!report.More)
            return;
        to.WriteLine();
        to.WriteLine("More moves would be worth it: ask again after these.");
    }

    private static Tone ToneOf(string outcome) => outcome switch
    {
        "done" => Tone.Good,
        "not_asked" => Tone.Faint,
        _ => Tone.Warning,
    };

    private static string Moves(int count) => count == 1 ? "1 move" : string.Create(CultureInfo.InvariantCulture, $"{count} moves");

    private static string Points(double points) => string.Create(CultureInfo.InvariantCulture, $"{points:0.0} points");

    private static string Percent(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0} %");
}
