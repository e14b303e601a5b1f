using System.Globalization;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;

namespace Mainstay.Core.Times;

/// <summary>The stable words for kinds and parts, and a measurement as fields and as a sentence.</summary>
public static class RecoveryWords
{
    public static readonly ValueList<RecoveryPart> Parts =
    [
        RecoveryPart.Detect, RecoveryPart.Prove, RecoveryPart.Stop, RecoveryPart.Place, RecoveryPart.Start, RecoveryPart.Ready,
    ];

    public static string Of(RecoveryKind kind) => kind switch
    {
        RecoveryKind.Start => "start",
        RecoveryKind.Failover => "failover",
        RecoveryKind.Move => "move",
        RecoveryKind.Restart => "restart",
    };

    /// <summary>Null for a word that is none.</summary>
    public static RecoveryKind? Kind(string word) => word switch
    {
        "start" => RecoveryKind.Start,
        "failover" => RecoveryKind.Failover,
        "move" => RecoveryKind.Move,
        "restart" => RecoveryKind.Restart,
        _ => null,
    };

    public static string Of(RecoveryPart part) => part switch
    {
        RecoveryPart.Detect => "detect",
        RecoveryPart.Prove => "prove",
        RecoveryPart.Stop => "stop",
        RecoveryPart.Place => "place",
        RecoveryPart.Start => "start",
        RecoveryPart.Ready => "ready",
    };

    internal static ValueList<FactField> Fields(RecoveryMeasurement took)
    {
        var fields = new List<FactField>
        {
            new("epoch", took.Epoch.ToString()), new("host", took.Host.Name), new("kind", Of(took.Kind)),
        };
        if (took.Proof is { } proof)
            fields.Add(new FactField("proof", proof));
        if (took.Lost is { } lost)
            fields.Add(new FactField("lost", lost.Host.Name));
        foreach (var part in Parts)
        {
            if (took.Parts.Of(part) is { } time)
                fields.Add(new FactField(Of(part), Text(time)));
        }

        if (took.Whole is { } whole)
            fields.Add(new FactField("whole", Text(whole)));
        return fields.ToValueList();
    }

    internal static string Sentence(RecoveryMeasurement took)
    {
        var what = took.Proof is { } proof ? $"{Of(took.Kind)} by {proof}" : Of(took.Kind);
        var parts = string.Join(", ", Parts.Where(p => took.Parts.Of(p) is not null)
            .Select(p => $"{Of(p)} {Text(took.Parts.Of(p))}"));
        var all = parts.Length == 0 ? "nothing of it was measured" : parts;
        return took.Whole is { } whole
            ? $"runs on {took.Host} after {Text(whole)} ({what}: {all})"
            : $"runs on {took.Host} ({what}, not all of it measured: {all})";
    }

    /// <summary>As the fact has it; null for what is not known.</summary>
    public static string? Text(TimeSpan? span) => span is { } known ? Text(known) : null;

    private static string Text(TimeSpan span) => span.TotalSeconds.ToString("0.0##", CultureInfo.InvariantCulture) + "s";
}
