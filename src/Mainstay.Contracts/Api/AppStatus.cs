namespace Mainstay.Contracts.Api;

/// <summary>An application: several guests that are started, stopped and moved together.</summary>
public sealed record AppStatus
{
    public required string Name { get; init; }

    /// <summary>
    /// <c>running</c> (all of it), <c>starting</c>, <c>degraded</c> (some run, and nothing is being started), <c>down</c> (none does),
    /// <c>stopping</c>, <c>stopped</c> (wanted so).
    /// </summary>
    public required string State { get; init; }

    /// <summary>Such as "2 of 3 run; web waits after db (agent): …"; null when there is nothing to say.</summary>
    public string? Why { get; init; }

    /// <summary>Ordered by name.</summary>
    public required IReadOnlyList<string> Guests { get; init; }
}
