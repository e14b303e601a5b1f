namespace Mainstay.Contracts.Api;

/// <summary>Say for which losses room is kept; null leaves it as it is.</summary>
public sealed record CapacityRequest
{
    /// <summary>Hosts that may be lost one after the other, 0 to 3.</summary>
    public int? HostLosses { get; init; }

    /// <summary>Kinds of failure domains of which any one domain may be lost.</summary>
    public IReadOnlyList<string>? Domains { get; init; }
}
