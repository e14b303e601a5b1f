namespace Mainstay.Core.Model;

/// <summary>A shared storage from which single hosts can be cut off.</summary>
/// <param name="Agent">How it is done: <c>tgt</c>, <c>scsi-pr</c>, <c>nfs4</c> or <c>ceph</c>.</param>
/// <param name="Options">Names and values, ordered by name.</param>
/// <param name="Covers">
/// The disks on it: a path, or a source such as <c>rbd:pool</c>; whatever begins so, up to a border of a name, is on it.
/// </param>
public sealed record StorageConfig(string Agent, ValueList<FenceOption> Options, ValueList<string> Covers) : StoreValue
{
    /// <summary>The disk lies on this storage.</summary>
    public bool Holds(string disk) => Covers.Any(prefix => Begins(disk, prefix));

    private static bool Begins(string disk, string prefix) =>
        prefix.Length > 0 && disk.StartsWith(prefix, StringComparison.Ordinal)
        && (disk.Length == prefix.Length || prefix[^1] is '/' or ':' || disk[prefix.Length] is '/' or ':');
}
