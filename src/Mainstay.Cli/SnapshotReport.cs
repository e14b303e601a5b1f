namespace Mainstay.Cli;

/// <summary>What was written, as <c>snapshot --json</c> prints it.</summary>
internal sealed record SnapshotReport
{
    public required string File { get; init; }

    public required string Cluster { get; init; }

    public required int Entries { get; init; }
}
