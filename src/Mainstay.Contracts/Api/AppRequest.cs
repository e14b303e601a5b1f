namespace Mainstay.Contracts.Api;

/// <summary>Do something with all guests of an application.</summary>
public sealed record AppRequest
{
    public required string Name { get; init; }

    /// <summary><c>start</c>, <c>stop</c>, <c>move</c> or <c>remove</c>.</summary>
    public required string Act { get; init; }

    /// <summary>Where to move it; null lets the cluster choose.</summary>
    public string? Host { get; init; }

    /// <summary>Why it is started or moved although it takes room that is kept for a loss. Empty: then it is refused.</summary>
    public string Override { get; init; } = "";
}
