using System.Globalization;
using Mainstay.Cli.Commands;
using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Views;

/// <summary>What would follow, as a page.</summary>
internal sealed class WhatIfView(TextWriter to, Ink ink)
{
    public void Write(WhatIfReport report)
    {
        to.WriteLine(ink.Paint($"What if {report.Supposed}?", Tone.Strong));
        to.WriteLine(ink.Paint($"cluster {report.Cluster} as it was at {TimeText.Second(report.Taken)}; nothing is touched", Tone.Faint));
        to.WriteLine();
        WriteStarts(report);
        WriteStranded(report.Stranded);
        foreach (var proof in report.Proofs)
            to.WriteLine(ProofText(proof));
        if (report.Proofs.Count > 0)
            to.WriteLine();
        to.WriteLine($"Room now:  {Colored(report.Before)}");
        to.WriteLine($"Room then: {Colored(report.After)}");
        to.WriteLine($"Largest guest that fits with every loss still survived: {Sizes.Print(report.Before.HeadroomMiB)} now, "
            + $"{Sizes.Print(report.After.HeadroomMiB)} then.");
    }

    private void WriteStarts(WhatIfReport report)
    {
        if (report.Starts.Count == 0)
        {
            to.WriteLine("No guest would start elsewhere.");
            to.WriteLine();
            return;
        }

        var table = new TextTable("GUEST", "FROM", "STARTS ON");
        foreach (var start in report.Starts)
            table.Add(new Cell(start.Guest, Tone.Strong), start.From ?? "-", start.To);
        table.Write(to, ink);
        to.WriteLine();
    }

    private void WriteStranded(IReadOnlyList<WhatIfStranded> stranded)
    {
        if (stranded.Count == 0)
            return;
        to.WriteLine(ink.Paint(
            stranded.Count == 1 ? "1 guest would have no place:" : $"{stranded.Count} guests would have no place:", Tone.Bad));
        foreach (var guest in stranded)
            to.WriteLine($"  {ink.Paint(guest.Guest, Tone.Strong)}: {Ink.Clean(guest.Why)}");
        to.WriteLine();
    }

    private static string ProofText(WhatIfProof proof)
    {
        string[] ways =
        [
            .. proof.PowerOffSeconds is { } off ? [$"without power {Seconds(off)} after its last beacon"] : Array.Empty<string>(),
            .. proof.HungSeconds is { } hung ? [$"hanging or cut off {Seconds(hung)}"] : Array.Empty<string>(),
            .. proof.LeaseSeconds is { } lease ? [$"with its power controller dead as well {Seconds(lease)}, by its lease"]
                : Array.Empty<string>(),
        ];
        return ways.Length == 0
            ? $"Nothing can prove the death of {proof.Host}: its guests wait for mainstay confirm-dead {proof.Host}."
            : $"{proof.Host} can be proved dead: {string.Join("; ", ways)}. Its guests start then.";
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"from {seconds:0.0} s");

    private string Colored(WhatIfCapacity capacity) =>
        $"{ink.Paint(capacity.Standing, CapacityView.ToneOf(capacity.Standing))}: {Ink.Clean(capacity.Why)}";
}
