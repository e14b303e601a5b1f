namespace Mainstay.Contracts.Api;

/// <summary>Add a fence method to a host, or replace the one of the same name.</summary>
public sealed record FenceSetRequest
{
    public required string Host { get; init; }

    /// <summary>The method's name; null takes the agent's.</summary>
    public string? Name { get; init; }

    /// <summary>Such as <c>fence_ipmilan</c>.</summary>
    public required string Agent { get; init; }

    /// <summary>Option names and values as the agent's metadata has them. Secrets are sealed before they are stored.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }
}
