namespace Mainstay.Lab.Measure;

/// <summary>Smallest, middle and greatest of some values, rounded to a thousandth.</summary>
internal sealed record Sample
{
    public required double Min { get; init; }

    public required double Median { get; init; }

    public required double Max { get; init; }

    /// <summary>Null when there is no value.</summary>
    public static Sample? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            return null;
        var middle = sorted.Length / 2;
        return new Sample
        {
            Min = Round(sorted[0]),
            Median = Round(sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2),
            Max = Round(sorted[^1]),
        };
    }

    public static double Round(double seconds) => Math.Round(seconds, 3);
}
