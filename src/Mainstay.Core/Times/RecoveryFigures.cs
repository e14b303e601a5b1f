using Mainstay.Core.Model;

namespace Mainstay.Core.Times;

/// <summary>The recoveries of one kind in figures.</summary>
/// <param name="Count">So many are kept.</param>
/// <param name="Parts">Those that were measured at least once, in their order.</param>
/// <param name="Whole">Of those of which every part is known; null when there is none.</param>
public sealed record RecoveryFigures(RecoveryKind Kind, int Count, ValueList<PartFigures> Parts, TimeFigures? Whole)
{
    /// <summary>Of every kind that occurred, in the order of the kinds.</summary>
    public static ValueList<RecoveryFigures> Of(RecoveryTimes times) =>
        times.Last.GroupBy(m => m.Kind).OrderBy(g => g.Key).Select(g => Of(g.Key, [.. g])).ToValueList();

    private static RecoveryFigures Of(RecoveryKind kind, RecoveryMeasurement[] all) => new(
        kind,
        all.Length,
        RecoveryWords.Parts
            .Select(part => TimeFigures.Of(all.Select(m => m.Parts.Of(part))) is { } figures ? new PartFigures(part, figures) : null)
            .OfType<PartFigures>().ToValueList(),
        TimeFigures.Of(all.Select(m => m.Whole)));
}

/// <summary>One part in figures.</summary>
public sealed record PartFigures(RecoveryPart Part, TimeFigures Times);
