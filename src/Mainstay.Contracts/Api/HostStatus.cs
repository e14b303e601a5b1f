using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Api;

/// <summary>One member.</summary>
public sealed record HostStatus
{
    public required string Name { get; init; }

    public required int Number { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>
    /// <c>online</c>, <c>suspect</c> (silent, nothing done yet), <c>fencing</c> (declared silent, no proof yet), <c>fenced</c> (proved
    /// dead),
    /// <c>leaving</c> (is being shut down in order), <c>left</c> (left in order), <c>joining</c> (configured, no session yet).
    /// </summary>
    public required string State { get; init; }

    /// <summary>Why it is in that state, on which evidence; null for a host that is simply online.</summary>
    public string? Why { get; init; }

    public required bool Leader { get; init; }

    /// <summary>It votes, observes and keeps leases, and never runs guests: it is not fenced.</summary>
    public bool Witness { get; init; }

    /// <summary>What it has or is in, as <c>KEY=VALUE</c> or <c>KEY</c>, ordered.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Never fenced, receives no guests.</summary>
    public required bool Maintenance { get; init; }

    /// <summary>
    /// What the answering host finds wrong with it: <c>healthy</c>, <c>agent-hung</c>, <c>beacon-dead</c>, <c>libvirtd-silent</c>,
    /// <c>network-down</c> (one of several), <c>heard-one-way</c>, <c>storage-lost</c>, <c>storage-lost-everywhere</c>, <c>gray</c>,
    /// <c>silent</c>, <c>dead</c>, <c>away</c>.
    /// </summary>
    public string Condition { get; init; } = "healthy";

    /// <summary>What that rests on; null when it is healthy.</summary>
    public string? Evidence { get; init; }

    /// <summary>What the cluster does about it; null when it is healthy.</summary>
    public string? Follows { get; init; }

    /// <summary>Why it gets no new guests although it lives; null when it is not in quarantine.</summary>
    public string? Quarantine { get; init; }

    /// <summary>
    /// Another machine comes in its name, or it comes on other hardware, and is not let in: why. Null when nobody waits.
    /// </summary>
    public string? Arrival { get; init; }

    /// <summary>This life of the host, 16 hexadecimal digits; null before the first.</summary>
    public string? Session { get; init; }

    /// <summary>
    /// <c>answers</c>, <c>silent</c> (no answer within the deadline: stopped, hung or cut off), <c>refused</c> (nothing listens: not
    /// running),
    /// <c>unknown</c> (not asked).
    /// </summary>
    public required string Agent { get; init; }

    /// <summary>
    /// Milliseconds since its last beacon was heard by the answering host; null when never heard, or for that host itself.
    /// </summary>
    public long? BeaconSilenceMs { get; init; }

    /// <summary>libvirt answers there; null when not known.</summary>
    public bool? HypervisorOk { get; init; }

    /// <summary>Memory for guests, MiB; null when not measured yet.</summary>
    [JsonPropertyName("memory_mib")]
    public long? MemoryMiB { get; init; }

    /// <summary>Memory taken by guests, MiB.</summary>
    [JsonPropertyName("used_mib")]
    public long? UsedMiB { get; init; }

    /// <summary>CPU in use, percent of all cores.</summary>
    public int? LoadPercent { get; init; }

    /// <summary>Protected guests it owns.</summary>
    public required int Guests { get; init; }

    public required HostFencing Fencing { get; init; }

    /// <summary>The proofs recorded for its last session, oldest first; empty while there is none.</summary>
    public IReadOnlyList<HostProof> Proofs { get; init; } = [];
}
