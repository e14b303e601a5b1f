using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>Recovery times for people.</summary>
internal static class RecoveryView
{
    private const int Shown = 10;

    private static readonly string[] Parts = ["detect", "prove", "stop", "place", "start", "ready"];

    /// <summary>The last loss of a host in one line.</summary>
    public static string Sentence(FailoverStatus last)
    {
        var guests = last.Guests == 1 ? "1 guest" : string.Create(CultureInfo.InvariantCulture, $"{last.Guests} guests");
        var time = last.Ms is { } ms ? $"in {Time(ms)}" : "in a time that was not measured as a whole";
        return Ink.Clean($"last failover: {guests} of {last.Host} {time} by {string.Join(" and ", last.Proofs)}");
    }

    /// <summary>The latest first, with the parts that any of them has.</summary>
    public static TextTable Table(IReadOnlyList<ExplainedRecovery> all)
    {
        var shown = all.Take(Shown).ToList();
        string[] parts = [.. Parts.Where(part => shown.Exists(r => r.Ms.ContainsKey(part)))];
        var table = new TextTable(["  WHEN", "WHAT", "HOST", .. parts.Select(p => p.ToUpperInvariant()), "IN ALL"])
            .AlignRight([.. Enumerable.Range(3, parts.Length + 1)]);
        foreach (var recovery in shown)
        {
            table.Add(
            [
                new Cell("  " + (recovery.Time is { } time ? TimeText.Second(time) : "-")),
                recovery.Proof is { } proof ? $"{recovery.Kind} by {proof}" : recovery.Kind,
                recovery.Lost is { } lost ? $"{lost} to {recovery.Host}" : recovery.Host,
                .. parts.Select(part => (Cell)Of(recovery, part)),
                new Cell(Of(recovery, "whole"), Tone.Strong),
            ]);
        }

        return table;
    }

    private static string Of(ExplainedRecovery recovery, string part) => recovery.Ms.TryGetValue(part, out var ms) ? Time(ms) : "-";

    private static string Time(long ms) => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0.00} s");
}
