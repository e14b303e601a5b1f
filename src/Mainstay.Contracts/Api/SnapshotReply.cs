using System.Text.Json;

namespace Mainstay.Contracts.Api;

/// <summary>
/// What decisions stand on, at one moment: for questions that touch nothing (<c>mainstay what-if</c>), also later and elsewhere. Secrets
/// are left out.
/// </summary>
public sealed record SnapshotReply
{
    public const string Form = "snapshot";

    public string Kind { get; init; } = Form;

    public int Schema { get; init; } = 1;

    public required string Cluster { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Taken { get; init; }

    /// <summary>The host whose agent answered.</summary>
    public required string AnsweredBy { get; init; }

    public required string Version { get; init; }

    /// <summary>Hosts that are online by the store and cannot take guests all the same, with the reason.</summary>
    public required IReadOnlyDictionary<string, string> Unfit { get; init; }

    /// <summary>Ordered by key.</summary>
    public required IReadOnlyList<SnapshotEntry> Entries { get; init; }
}

/// <summary>One value of the store.</summary>
public sealed record SnapshotEntry
{
    public required string Key { get; init; }

    public required long Revision { get; init; }

    /// <summary>As it is stored.</summary>
    public required JsonElement Value { get; init; }
}
