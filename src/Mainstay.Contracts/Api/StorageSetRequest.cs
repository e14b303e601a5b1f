namespace Mainstay.Contracts.Api;

/// <summary>Name a storage that hosts can be cut off from, or replace the one of the same name.</summary>
public sealed record StorageSetRequest
{
    public required string Name { get; init; }

    /// <summary><c>tgt</c>, <c>scsi-pr</c>, <c>nfs4</c> or <c>ceph</c>.</summary>
    public required string Agent { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>What lies on it: paths, or sources such as <c>rbd:pool</c>; whatever begins so.</summary>
    public required IReadOnlyList<string> Covers { get; init; }
}
