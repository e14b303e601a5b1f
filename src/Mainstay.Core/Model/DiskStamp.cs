namespace Mainstay.Core.Model;

/// <summary>
/// What stands beside a guest's disk: the cluster that protects it, and the incarnation and epoch of its last start or adoption. A start by
/// an older right than the disk's is refused, whatever the store says (S3).
/// </summary>
public sealed record DiskStamp(string ClusterId, long Incarnation, Epoch Epoch);
