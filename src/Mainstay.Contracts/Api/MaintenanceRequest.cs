namespace Mainstay.Contracts.Api;

/// <summary>Take a host out of the cluster's hands for a while, or give it back.</summary>
public sealed record MaintenanceRequest
{
    public required string Host { get; init; }

    public required bool On { get; init; }

    /// <summary>With <see cref="On"/>: its guests are moved to other hosts.</summary>
    public bool Drain { get; init; }

    /// <summary>Why it is taken although some guests have no place elsewhere, now or after a loss. Empty: then it is refused.</summary>
    public string Override { get; init; } = "";
}
