namespace Mainstay.Contracts.Api;

/// <summary>These guests, and no others, are the application of this name.</summary>
public sealed record AppSetRequest
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Guests { get; init; }
}
