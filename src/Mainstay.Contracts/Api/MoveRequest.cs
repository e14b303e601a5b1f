namespace Mainstay.Contracts.Api;

/// <summary>Stop a guest in order and start it on another host.</summary>
public sealed record MoveRequest
{
    public required string Guest { get; init; }

    /// <summary>Where to; null lets the cluster choose.</summary>
    public string? Host { get; init; }

    /// <summary>Why it is moved although it takes room that is kept for a loss. Empty: then it is refused.</summary>
    public string Override { get; init; } = "";
}
