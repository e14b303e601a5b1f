namespace Mainstay.Contracts.Api;

/// <summary>Forget a storage: no host is cut off from it any more.</summary>
public sealed record StorageRemoveRequest
{
    public required string Name { get; init; }
}
