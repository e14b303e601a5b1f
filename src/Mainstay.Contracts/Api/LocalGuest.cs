namespace Mainstay.Contracts.Api;

/// <summary>One domain of a host.</summary>
public sealed record LocalGuest
{
    public required string Name { get; init; }

    public required string Uuid { get; init; }

    /// <summary><c>running</c>, <c>paused</c> or <c>stopped</c>.</summary>
    public required string State { get; init; }
}
