using System.Globalization;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Times;

namespace Mainstay.Agent.Api;

/// <summary>Recovery times as the status and the story of a guest show them. Pure.</summary>
internal static class RecoveryList
{
    private const string Whole = "whole";

    public static FailoverStatus? Last(ClusterView view) => LastFailover.Of(view) is { } last
        ? new FailoverStatus { Host = last.Lost.Host.Name, Guests = last.Guests, Ms = Ms(last.Took), Proofs = [.. last.Proofs] }
        : null;

    public static IReadOnlyList<RecoveryStatus> Of(ClusterView view, GroupId group) =>
        view.Recoveries.GetValueOrDefault(group)?.Value is { } times ? [.. RecoveryFigures.Of(times).Select(Figures)] : [];

    /// <summary>The latest first, with the dates that the journals have.</summary>
    public static IReadOnlyList<ExplainedRecovery> Explained(ClusterView view, GroupId group, IReadOnlyList<EventEntry> history) =>
        [.. (view.Recoveries.GetValueOrDefault(group)?.Value.Last ?? []).Reverse().Select(m => Explained(m, history))];

    private static RecoveryStatus Figures(RecoveryFigures figures) => new()
    {
        Kind = RecoveryWords.Of(figures.Kind),
        Count = figures.Count,
        Parts = [.. figures.Parts.Select(p => Figures(RecoveryWords.Of(p.Part), p.Times))],
        Whole = figures.Whole is { } whole ? Figures(Whole, whole) : null,
    };

    private static RecoveryPartStatus Figures(string part, TimeFigures times) => new()
    {
        Part = part,
        Count = times.Count,
        P50Ms = (long)times.P50.TotalMilliseconds,
        P95Ms = (long)times.P95.TotalMilliseconds,
    };

    private static ExplainedRecovery Explained(RecoveryMeasurement measured, IReadOnlyList<EventEntry> history)
    {
        var ms = RecoveryWords.Parts.Where(p => measured.Parts.Of(p) is not null)
            .ToDictionary(RecoveryWords.Of, p => Ms(measured.Parts.Of(p)) ?? 0, StringComparer.Ordinal);
        if (measured.Whole is { } whole)
            ms[Whole] = (long)whole.TotalMilliseconds;
        return new ExplainedRecovery
        {
            Kind = RecoveryWords.Of(measured.Kind),
            Time = history.LastOrDefault(entry => Tells(entry, measured))?.Time,
            Epoch = measured.Epoch.Number,
            Host = measured.Host.Name,
            Lost = measured.Lost?.Host.Name,
            Proof = measured.Proof,
            Ms = ms,
        };
    }

    // Within one epoch it may be restarted several times: which of them an entry tells of, its time says.
    private static bool Tells(EventEntry entry, RecoveryMeasurement measured) =>
        entry.Fact == nameof(Core.Facts.Fact.RecoveryMeasured)
        && entry.Fields.GetValueOrDefault("epoch") == measured.Epoch.Number.ToString(CultureInfo.InvariantCulture)
        && entry.Fields.GetValueOrDefault("kind") == RecoveryWords.Of(measured.Kind)
        && entry.Fields.GetValueOrDefault("start") == RecoveryWords.Text(measured.Parts.Start);

    private static long? Ms(TimeSpan? span) => (long?)span?.TotalMilliseconds;
}
