namespace Mainstay.Contracts.Api;

/// <summary>Whether the death of a host could be proved.</summary>
public sealed record HostFencing
{
    /// <summary>At least one method passed its last test, or the host keeps a lease.</summary>
    public required bool Ready { get; init; }

    /// <summary>"at risk: no proof of death possible: …" with the reason; null when ready.</summary>
    public string? Why { get; init; }

    /// <summary>
    /// Seconds of silence at the keepers after which its death is certain, because it promised to stop by then; null without a lease.
    /// </summary>
    public double? LeaseSeconds { get; init; }

    /// <summary>In the order they were set.</summary>
    public required IReadOnlyList<FenceMethodStatus> Methods { get; init; }
}
