namespace Mainstay.Contracts.Api;

/// <summary>Change the policies of a protected guest.</summary>
public sealed record PolicyRequest
{
    public required string Guest { get; init; }

    /// <summary>When the guest shuts itself down: <c>stay_down</c> or <c>restart</c>; null leaves it as it is.</summary>
    public string? OnGuestShutdown { get; init; }

    /// <summary>
    /// When the keepers do not hear its host any more: <c>freeze_then_kill</c>, <c>keep</c> or <c>shutdown</c>; null leaves it as it is.
    /// </summary>
    public string? OnIsolation { get; init; }

    /// <summary>When its host was cut off from its disks: <c>frozen</c>, <c>never</c> or <c>always</c>; null leaves it as it is.</summary>
    public string? StorageProof { get; init; }

    /// <summary>
    /// After the loss of two hosts that it was present at: <c>hold</c> or <c>restart</c>, which also releases it; null leaves it as it is.
    /// </summary>
    public string? OnRepeatedLoss { get; init; }

    /// <summary>0 (served first) to 4; null leaves it as it is.</summary>
    public int? Tier { get; init; }

    /// <summary>For a group of a lower tier number that finds no place otherwise: <c>never</c>, <c>moves</c> or <c>stops</c>.</summary>
    public string? Yields { get; init; }

    /// <summary>Hosts where it is rather than elsewhere, the best first; empty: anywhere; null leaves it as it is.</summary>
    public IReadOnlyList<string>? Prefer { get; init; }

    /// <summary>
    /// When it goes back to one of them: <c>never</c>, <c>idle</c> or <c>window=22:00-05:00</c>; null leaves it as it is.
    /// </summary>
    public string? Failback { get; init; }

    /// <summary>
    /// After the loss of its host it is to be back within this time, in milliseconds; 0: nothing is demanded any more; null leaves it.
    /// </summary>
    public long? RecoveryBudgetMs { get; init; }
}
