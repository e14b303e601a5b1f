namespace Mainstay.Contracts.Api;

/// <summary>A guest waits for another one no more.</summary>
public sealed record OrderRemoveRequest
{
    public required string Guest { get; init; }

    public required string After { get; init; }
}
