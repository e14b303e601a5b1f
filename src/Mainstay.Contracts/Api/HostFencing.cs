namespace Mainstay.Contracts.Api;

/// <summary>Whether the death of a host could be proved.</summary>
public sealed record HostFencing
{
    /// <summary>At least one method passed its last test.</summary>
    public required bool Ready { get; init; }

    /// <summary>"at risk: no proof of death possible: …" with the reason; null when ready.</summary>
    public string? Why { get; init; }

    /// <summary>In the order they were set.</summary>
    public required IReadOnlyList<FenceMethodStatus> Methods { get; init; }
}
