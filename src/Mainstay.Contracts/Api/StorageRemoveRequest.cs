namespace Mainstay.Contracts.Api;

/// <summary>Forget a storage: no host is cut off from it any more.</summary>
public sealed record StorageRemoveRequest
{
    public required string Name { get; init; }

    /// <summary>Why also when a host that was taken out of the cluster is cut off from it; empty: refused then.</summary>
    public string Override { get; init; } = "";
}
