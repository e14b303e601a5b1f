using System.Globalization;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Demo;

/// <summary>The measured table and the verdict at the end of a demonstration.</summary>
internal static class DemoTable
{
    public static void Write(Narrator narrator, Failover failover, DemoReport report)
    {
        narrator.Step($"Seconds after the death of {failover.Victim}");
        narrator.Say($"suspected {Text(failover.Suspected)}   proved {Text(failover.Proved)} (proof: {failover.Proof})");
        narrator.Say("");
        narrator.Say($"{"guest",-10} {"host",-6} {"assigned",9} {"started",9} {"speaks",9}");
        foreach (var guest in failover.Guests)
        {
            narrator.Say(
                $"{guest.Guest,-10} {guest.Host,-6} {Text(guest.Assigned),9} {Text(guest.Started),9} {Text(guest.Speaks),9}");
        }

        narrator.Say("");
        narrator.Say($"{"median",-17} {"",9} {Text(report.Seconds?.Started?.Median),9} {Text(report.Seconds?.Speaks?.Median),9}");
        narrator.Say(
            $"{"last",-17} {Text(report.Seconds?.Assigned),9} {Text(report.Seconds?.Started?.Max),9} "
            + $"{Text(report.Seconds?.Speaks?.Max),9}");
        narrator.Say("");
        narrator.Say($"{report.Recovered} of {report.Guests} guests run, {report.DoubleRuns} ran twice.");
        foreach (var problem in report.Problems ?? [])
            narrator.Say($"PROBLEM: {problem}");
    }

    private static string Text(double? seconds) => seconds is { } known ? known.ToString("0.000", CultureInfo.InvariantCulture) : "-";
}
