namespace Mainstay.Cli;

/// <summary>How long placement took, as <c>simulate placement --json</c> prints it.</summary>
internal sealed record PlacementReport
{
    public string Kind { get; init; } = "placement";

    public required int Cores { get; init; }

    public required double Load1 { get; init; }

    public required IReadOnlyList<PlacementFigure> Figures { get; init; }

    /// <summary>Managed memory after the largest cluster, in MiB.</summary>
    public required double MemoryMiB { get; init; }
}

/// <summary>One measurement.</summary>
/// <param name="Task"><c>one-loss</c>, <c>all-single-losses</c>, <c>rack-losses</c> or <c>cold-start</c>.</param>
/// <param name="Placed">Guests that found a place.</param>
/// <param name="Stranded">Guests that found none.</param>
/// <param name="MedianMs">CPU time of the middle run, in milliseconds.</param>
/// <param name="LeastMs">CPU time of the quickest run.</param>
/// <param name="GoalMs">What it should stay under.</param>
internal sealed record PlacementFigure(
    int Hosts, int Guests, string Task, int Placed, int Stranded, int Runs, double MedianMs, double LeastMs, double GoalMs);
