namespace Mainstay.Contracts.Api;

/// <summary>Read what a storage knows of the hosts; cuts nobody off.</summary>
public sealed record StorageTestRequest
{
    public required string Name { get; init; }
}
