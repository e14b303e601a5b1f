namespace Mainstay.Contracts.Api;

/// <summary>Found a cluster with this host as its first.</summary>
public sealed record InitRequest
{
    /// <summary>The cluster's name, shown in the status.</summary>
    public string Cluster { get; set; } = "mainstay";

    /// <summary>This host's name; null takes the short host name.</summary>
    public string? Host { get; init; }

    /// <summary>This host's addresses, one per network the beacons use, best first. Empty takes all global addresses.</summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];
}
