using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Stored;

/// <summary>
/// A value of the store as JSON. The kind comes first; a schema above <see cref="Newest"/> was written by a newer version.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ClusterDocument), "cluster")]
[JsonDerivedType(typeof(LeaderDocument), "leader")]
[JsonDerivedType(typeof(HostDocument), "host")]
[JsonDerivedType(typeof(SessionDocument), "session")]
[JsonDerivedType(typeof(FenceDocument), "fence")]
[JsonDerivedType(typeof(GroupDocument), "group")]
[JsonDerivedType(typeof(OwnershipDocument), "ownership")]
[JsonDerivedType(typeof(LoadDocument), "load")]
[JsonDerivedType(typeof(DecisionDocument), "decision")]
[JsonDerivedType(typeof(KeepersDocument), "keepers")]
[JsonDerivedType(typeof(KeeperDocument), "keeper")]
[JsonDerivedType(typeof(AdoptionDocument), "adoption")]
[JsonDerivedType(typeof(SightingDocument), "sighting")]
[JsonDerivedType(typeof(StorageDocument), "storage")]
[JsonDerivedType(typeof(QuarantineDocument), "quarantine")]
[JsonDerivedType(typeof(ArrivalDocument), "arrival")]
[JsonDerivedType(typeof(RulesDocument), "rules")]
[JsonDerivedType(typeof(OfferDocument), "offer")]
[JsonDerivedType(typeof(RecoveryDocument), "recovery")]
internal abstract record StoredDocument
{
    /// <summary>Raised only by a change that older versions must not read as they know it.</summary>
    public const int Newest = 1;

    [JsonPropertyOrder(-1)]
    public int Schema { get; init; } = Newest;
}

internal sealed record ClusterDocument(
    string Name,
    string Id,
    long Incarnation,
    string Profile,
    bool Armed,
    string DisarmReason,
    int HostLosses = 1,
    string[]? LossDomains = null,
    int? VcpusPerCpu = null) : StoredDocument;

internal sealed record LeaderDocument(string Host, string Session) : StoredDocument;

internal sealed record HostDocument(
    int Number,
    string[] Addresses,
    int ApiPort,
    MethodDocument[] FenceMethods,
    bool Maintenance,
    bool Witness = false,
    bool Draining = false,
    LabelDocument[]? Labels = null) : StoredDocument;

internal sealed record MethodDocument(string Name, string Agent, OptionDocument[] Options);

/// <summary>Either a plain value or a sealed one.</summary>
internal sealed record OptionDocument(string Name, string? Value, string? Sealed);

internal sealed record SessionDocument(
    string Session,
    string Boot,
    string State,
    PromiseDocument? Lease = null,
    string? Leaving = null,
    long Incarnation = 1,
    string? Hardware = null) : StoredDocument;

internal sealed record ArrivalDocument(string Boot, string? Hardware, string Why, string? Objection) : StoredDocument;

/// <summary>Times in milliseconds.</summary>
internal sealed record PromiseDocument(long FreezeMs, long KillMs, long ResetMs, long KeepersEpoch);

internal sealed record FenceDocument(
    string Reason,
    ProofDocument[] Proofs,
    ConsentDocument[]? Consents = null,
    string[]? Revocations = null,
    bool RunsOn = false,
    ConsentDocument[]? Silences = null,
    string? Frozen = null,
    bool SeenOn = false,
    string[]? Heard = null,
    bool Spent = false) : StoredDocument;

internal sealed record StorageDocument(string Agent, OptionDocument[] Options, string[] Covers) : StoredDocument;

internal sealed record ConsentDocument(string Keeper, string Incarnation);

internal sealed record KeepersDocument(long Epoch, string[] Members, string[] Previous) : StoredDocument;

internal sealed record KeeperDocument(string Incarnation) : StoredDocument;

internal sealed record AdoptionDocument(string Uuid, string Host, string Session) : StoredDocument;

internal sealed record SightingDocument(
    string Session, long Incarnation, AdoptionSightingDocument[] Adoptions, string[] Running) : StoredDocument;

internal sealed record AdoptionSightingDocument(string Group, long Asked, bool RunsHere);

internal sealed record ProofDocument(string Proof, string Evidence, string? Storage = null, string[]? Volumes = null);

internal sealed record GroupDocument(
    string Uuid,
    string Definition,
    [property: JsonPropertyName("memory_mib")] long MemoryMiB,
    string Desired,
    string DesiredBy,
    bool ForceStop,
    string OnGuestShutdown,
    bool WasAutostart,
    string? PreferredHost,
    string? OnIsolation = null,
    string[]? Disks = null,
    string? StorageProof = null,
    string? OnRepeatedLoss = null,
    int? Tier = null,
    string? Yields = null,
    NeedsDocument? Needs = null,
    string[]? Prefers = null,
    string? Failback = null,
    long? RecoveryBudgetMs = null,
    OrderDocument? Order = null) : StoredDocument;

/// <summary>Null in a group that stands alone and waits for nobody.</summary>
internal sealed record OrderDocument(DependencyDocument[] After, string? Application = null, long? StartsAtOnceIn = null);

/// <summary>Times in milliseconds.</summary>
internal sealed record DependencyDocument(string On, string Gate, long DelayMs, long LimitMs, string Then);

internal sealed record OwnershipDocument(
    long Epoch,
    PhaseDocument Phase,
    string Why,
    FailureDocument[] Failures,
    string? OnIsolation = null,
    string? StorageProof = null,
    LossDocument[]? Losses = null,
    string? KeptFor = null,
    long Incarnation = 1,
    bool TakesOver = false,
    bool HasRun = false,
    SoFarDocument? Took = null,
    bool AgentAnswered = false,
    long RanForMs = 0) : StoredDocument;

/// <summary>A session that was lost while the group ran in it.</summary>
internal sealed record LossDocument(string Host, string Session);

/// <summary>The phase's name and those of the other fields that it has.</summary>
internal sealed record PhaseDocument(
    string Name, string? Host = null, string? Session = null, string? Next = null, string? TargetSession = null, string? Reason = null);

internal sealed record FailureDocument(string Host, string Error);

internal sealed record LoadDocument(
    string Session,
    [property: JsonPropertyName("memory_mib")] long MemoryMiB,
    [property: JsonPropertyName("used_mib")] long UsedMiB,
    int LoadPercent,
    bool HypervisorOk,
    HealthDocument? Health = null,
    int Cores = 0) : StoredDocument;

/// <summary>Time in microseconds.</summary>
internal sealed record HealthDocument(string[] StuckMonitors, long? DiskUs, int LinkFlaps);

internal sealed record QuarantineDocument(string Cause, string Why) : StoredDocument;

internal sealed record DecisionDocument(long Epoch, string? Chosen, string Because, ScoreDocument[] Considered) : StoredDocument;

internal sealed record ScoreDocument(string Host, long Score, string? Rejected, PartDocument[]? Parts = null);
