namespace Mainstay.Contracts.Api;

/// <summary>Remove a fence method from a host.</summary>
public sealed record FenceRemoveRequest
{
    public required string Host { get; init; }

    public required string Name { get; init; }
}
