using System.Globalization;

namespace Mainstay.Lab.Soak;

/// <summary>The report of a soak for people.</summary>
internal static class SoakTable
{
    public static void Write(SoakReport report, Action<string> say)
    {
        say("");
        say(string.Create(CultureInfo.InvariantCulture,
            $"seed {report.Seed}: {report.Rounds} rounds in {report.Minutes:0.0} minutes, {report.Failovers} hosts proved dead, ")
            + string.Create(CultureInfo.InvariantCulture, $"{report.Resets} reset by their watchdogs"));
        say("faults: " + string.Join(", ", report.Faults.Select(kind => $"{kind.Key} {kind.Value}")));
        foreach (var (kind, sample) in report.Recovery)
        {
            say(string.Create(CultureInfo.InvariantCulture,
                $"{kind,-12} guests elsewhere after {sample.Min:0.0} s min, {sample.Median:0.0} s median, {sample.Max:0.0} s max"));
        }

        if (report.Whole is { } whole)
        {
            say(string.Create(CultureInfo.InvariantCulture,
                $"{"whole again",-12} after {whole.Min:0.0} s min, {whole.Median:0.0} s median, {whole.Max:0.0} s max"));
        }

        say(report.Violations.Count == 0
            ? "No promise was broken."
            : $"{report.Violations.Count} VIOLATIONS; the facts are in {string.Join(" and ", report.Evidence ?? ["no file"])}");
        foreach (var violation in report.Violations)
            say("  " + violation);
    }
}
