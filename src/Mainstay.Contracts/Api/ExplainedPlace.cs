namespace Mainstay.Contracts.Api;

/// <summary>Whether a guest would start on a host now.</summary>
public sealed record ExplainedPlace
{
    public required string Host { get; init; }

    public required bool Possible { get; init; }

    /// <summary>Every reason that keeps it from there; empty when none does.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>What it needs and nobody has found out about that host; that forbids nothing.</summary>
    public required IReadOnlyList<string> Unknown { get; init; }
}
