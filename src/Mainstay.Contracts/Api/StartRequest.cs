namespace Mainstay.Contracts.Api;

/// <summary>Run a guest.</summary>
public sealed record StartRequest
{
    public required string Guest { get; init; }

    /// <summary>Where; null lets the cluster choose.</summary>
    public string? Host { get; init; }

    /// <summary>Also when its disks carry another cluster's stamp, or a later one: somebody knows that it runs nowhere else.</summary>
    public bool TakeOver { get; init; }

    /// <summary>Why it is started although it takes room that is kept for a loss. Empty: then it is refused.</summary>
    public string Override { get; init; } = "";
}
