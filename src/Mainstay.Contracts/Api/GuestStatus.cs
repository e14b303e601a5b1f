using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Api;

/// <summary>One protected guest.</summary>
public sealed record GuestStatus
{
    public required string Name { get; init; }

    public required string Uuid { get; init; }

    /// <summary>
    /// <c>running</c>, <c>starting</c>, <c>stopping</c>, <c>stopped</c> (wanted so), <c>waiting</c> (to be placed, or for a proof),
    /// <c>blocked</c>, <c>unknown</c> (its host does not say).
    /// </summary>
    public required string State { get; init; }

    /// <summary>The host that owns it or is to run it; null when none.</summary>
    public string? Host { get; init; }

    public required long Epoch { get; init; }

    /// <summary>
    /// The ownership's phase: <c>free</c>, <c>assigned</c>, <c>claimed</c>, <c>releasing</c>, <c>migrating</c>, <c>blocked</c>.
    /// </summary>
    public required string Phase { get; init; }

    /// <summary><c>running</c> or <c>stopped</c>.</summary>
    public required string Desired { get; init; }

    /// <summary>Who wants that and why.</summary>
    public required string DesiredBy { get; init; }

    /// <summary>When a storage proof lets it run elsewhere: <c>frozen</c>, <c>always</c> or <c>never</c>.</summary>
    public string? StorageProof { get; init; }

    /// <summary>Disks that it can write to, as storages are said to cover them.</summary>
    public IReadOnlyList<string> Disks { get; init; } = [];

    /// <summary>Hosts where it is rather than elsewhere, the best first.</summary>
    public IReadOnlyList<string> Prefer { get; init; } = [];

    /// <summary>When it goes back to one of them: <c>never</c>, <c>idle</c> or <c>window=22:00-05:00</c>.</summary>
    public string? Failback { get; init; }

    public required StandingKind Standing { get; init; }

    /// <summary>Why it is not simply protected; null when it is.</summary>
    public string? Because { get; init; }

    /// <summary>After the loss of its host it is to be back within this time, in milliseconds; null when nobody said so.</summary>
    public long? RecoveryBudgetMs { get; init; }

    /// <summary>How long its last starts took, by kind.</summary>
    public IReadOnlyList<RecoveryStatus> Recoveries { get; init; } = [];

    [JsonPropertyName("memory_mib")]
    public required long MemoryMiB { get; init; }
}
