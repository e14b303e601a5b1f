namespace Mainstay.Contracts.Api;

/// <summary>Say what a host has or is in.</summary>
public sealed record LabelRequest
{
    public required string Host { get; init; }

    /// <summary><c>KEY=VALUE</c> or <c>KEY</c>; one of the same key is replaced.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Keys of labels to take away.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];
}
