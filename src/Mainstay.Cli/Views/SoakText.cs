using Mainstay.Cli.Shell;
using Mainstay.Simulator;
using static System.FormattableString;

namespace Mainstay.Cli.Views;

/// <summary>A soak for people: how far it is, and what came of it.</summary>
internal static class SoakText
{
    public static string Progress(SoakTally tally, long lives, TimeSpan took)
    {
        var left = took * ((lives - tally.Lives) / (double)tally.Lives);
        return Invariant($"{tally.VirtualSeconds / 3600:0} hours, {tally.Lives} of {lives} clusters, ")
            + Invariant($"{tally.VirtualSeconds / took.TotalSeconds:0} × real time, {tally.Findings.Count} failed, ")
            + $"about {DurationText.Print(left)} left …";
    }

    public static void Write(TextWriter to, SoakReport report)
    {
        foreach (var finding in report.Findings)
        {
            to.WriteLine(Invariant($"Seed {finding.Seed}: {finding.Violations.Concat(finding.Missed).FirstOrDefault()}"));
            to.WriteLine($"  again: {finding.Replay}");
        }

        Counts(to, "steps", report.Steps);
        Counts(to, "facts", report.Facts);
        Counts(to, "proofs", report.Proofs);
        Counts(to, "brakes", report.Brakes);
        to.WriteLine(report.Never.Count > 0 ? $"never: {string.Join(", ", report.Never)}" : "never: nothing; all was reached");
        to.WriteLine(Invariant($"{report.Hours:0.#} hours of {report.Lives} clusters, seeds {report.From} to {report.To}: ")
            + Invariant($"{report.HostDeaths} hosts proved dead, {report.Failovers} failovers, {report.Violations} violations"));
        to.WriteLine(Invariant($"{report.Seconds:0.0} s with {report.Jobs} jobs, {report.VirtualSecondsPerSecond:0} × real time"));
    }

    private static void Counts(TextWriter to, string what, SortedDictionary<string, long> counts) =>
        to.WriteLine($"{what}: {string.Join(", ", counts.Select(count => Invariant($"{count.Key} {count.Value}")))}");
}
