namespace Mainstay.Contracts.Api;

/// <summary>Start a guest after another one from now on.</summary>
public sealed record OrderRequest
{
    public required string Guest { get; init; }

    public required string After { get; init; }

    /// <summary><c>started</c>, <c>agent</c> or <c>delay</c>.</summary>
    public string Gate { get; init; } = "started";

    /// <summary>How long the other one must have run, for the gate <c>delay</c>.</summary>
    public double DelaySeconds { get; init; }

    /// <summary>How long it waits at most, 1 to 86,400.</summary>
    public double LimitSeconds { get; init; } = 300;

    /// <summary>
    /// <c>continue</c>: then it is started all the same; <c>hold</c>: it waits on, until the gate opens or a person starts it.
    /// </summary>
    public string Then { get; init; } = "continue";
}
