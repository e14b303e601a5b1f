using System.Globalization;
using Mainstay.Cli.Commands;
using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Views;

/// <summary>The room that is kept, and what each loss would mean.</summary>
internal sealed class CapacityView(TextWriter to, Ink ink)
{
    public static Tone ToneOf(string standing) => standing switch
    {
        "green" => Tone.Good,
        "amber" => Tone.Warning,
        _ => Tone.Bad,
    };

    public void Write(CapacityReport report)
    {
        var kinds = report.Domains.Count > 0 ? $", and for any one {string.Join(" or ", report.Domains)}" : "";
        to.WriteLine($"Room is kept for {Losses(report.HostLosses)}{kinds}: "
            + $"{ink.Paint(report.Standing, ToneOf(report.Standing))}, {Ink.Clean(report.Why)}.");
        to.WriteLine($"Largest guest that can be added with every loss still survived: {Sizes.Print(report.HeadroomMiB)}.");
        if (report.Losses.Count == 0)
            return;
        to.WriteLine();
        var table = new TextTable("LOSS OF", "", "GUESTS", "WITHOUT A PLACE").AlignRight(2);
        foreach (var loss in report.Losses)
        {
            table.AddWithNotes(
                loss.Stranded.Select(guest => $"{guest.Guest}: {guest.Why}"),
                new Cell(loss.Loss, Tone.Strong),
                new Cell(loss.Verdict.Replace('_', ' '), loss.Verdict switch
                {
                    "survived" => Tone.Good, "not_proven" => Tone.Warning, _ => Tone.Bad,
                }),
                loss.Starts.Count.ToString(CultureInfo.InvariantCulture),
                loss.Stranded.Count == 0 ? "-" : string.Join(' ', loss.Stranded.Select(guest => guest.Guest)));
        }

        table.Write(to, ink);
    }

    private static string Losses(int count) => count switch
    {
        0 => "no loss of a host",
        1 => "the loss of any host",
        _ => $"the loss of any {count} hosts, one after the other",
    };
}
