namespace Mainstay.Contracts.Api;

/// <summary>Stop a guest and keep it stopped.</summary>
public sealed record StopRequest
{
    public required string Guest { get; init; }

    /// <summary>End its process at once instead of asking the guest to shut down.</summary>
    public bool Force { get; init; }
}
