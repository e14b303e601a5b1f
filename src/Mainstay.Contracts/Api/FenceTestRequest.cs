namespace Mainstay.Contracts.Api;

/// <summary>Read a host's power through its fence methods; switches nothing.</summary>
public sealed record FenceTestRequest
{
    public required string Host { get; init; }

    /// <summary>One method; null tests all.</summary>
    public string? Name { get; init; }
}
