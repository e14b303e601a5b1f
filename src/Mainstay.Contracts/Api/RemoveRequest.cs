namespace Mainstay.Contracts.Api;

/// <summary>Take a dead or drained host out of the cluster for good.</summary>
public sealed record RemoveRequest
{
    public required string Host { get; init; }

    /// <summary>A live host need not be in maintenance before. It may own no guest in any case.</summary>
    public bool Force { get; init; }
}
