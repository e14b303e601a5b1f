using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>Findings about the configuration: what, what is so now, and the mend under it.</summary>
internal sealed class CheckView(TextWriter to, Ink ink)
{
    public void Write(CheckReply reply)
    {
        if (reply.Findings.Count > 0)
        {
            var table = new TextTable("RULE", "", "HOST", "WHAT", "NOW");
            foreach (var finding in reply.Findings)
            {
                table.AddWithNotes(
                    [finding.Mend],
                    new Cell(finding.Rule, Tone.Strong),
                    new Cell(finding.Severity, finding.Severity == "refuse" ? Tone.Bad : Tone.Warning),
                    finding.Host ?? "-",
                    finding.What,
                    finding.Value);
            }

            table.Write(to, ink);
            to.WriteLine();
        }

        if (reply.Unheard.Count > 0)
            to.WriteLine(ink.Paint($"Nothing was measured of {string.Join(", ", reply.Unheard)}: no answer.", Tone.Warning));
        if (reply.Clocks is { Pairs: > 0 } clocks)
            to.WriteLine(ink.Paint(Told(clocks), Tone.Faint));
        to.WriteLine(reply.Findings.Count == 0
            ? ink.Paint($"All that is known fits together, profile {reply.Profile}.", Tone.Good)
            : $"{Summary(reply.Findings)}, profile {reply.Profile}.");
    }

    private static string Told(CheckedClocks clocks) => clocks.WorstPpm is { } ppm
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Clocks: {clocks.Measured} of {clocks.Pairs} pairs of hosts measured, at most {ppm:0.#} ppm apart ({clocks.Worst}).")
        : $"Clocks: none of {clocks.Pairs} pairs of hosts measured yet; it takes five minutes.";

    public static string Summary(IReadOnlyCollection<CheckFinding> findings)
    {
        var refused = findings.Count(finding => finding.Severity == "refuse");
        return Summary(refused, findings.Count - refused);
    }

    public static string Summary(int refused, int warnings) => $"{refused} to mend, {warnings} to know";
}
