namespace Mainstay.Contracts.Api;

/// <summary>Take a host out of the cluster's hands for a while, or give it back.</summary>
public sealed record MaintenanceRequest
{
    public required string Host { get; init; }

    public required bool On { get; init; }
}
