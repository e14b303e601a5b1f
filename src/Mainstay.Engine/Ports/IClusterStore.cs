using Mainstay.Core.Model;

namespace Mainstay.Engine.Ports;

/// <summary>
/// The cluster's facts, linearizable. Keys are the text of <see cref="StoreKey"/>; values are opaque bytes below the cluster's prefix.
/// No call throws for what a network or a cluster does: it is Unknown, within the time limit given at construction.
/// </summary>
public interface IClusterStore : IAsyncDisposable
{
    /// <summary>Applies all writes if every guard holds. Sent at most once: a lost answer is Unknown and never sent again.</summary>
    Task<RawOutcome> Commit(RawTransaction transaction, CancellationToken cancel);

    /// <summary>A linearizable read of single keys; absent ones come back with a null value and revision 0.</summary>
    Task<Observed<RawSnapshot>> Read(IReadOnlyList<string> keys, CancellationToken cancel);

    /// <summary>
    /// First a <see cref="StoreNews.Loaded"/> with everything, then every change in revision order, without gaps. After a lost watch or a
    /// compaction it loads again. Ends only on cancel.
    /// </summary>
    IAsyncEnumerable<StoreNews> Watch(CancellationToken cancel);
}

/// <summary>A key, its bytes (null: absent or deleted) and its modification revision.</summary>
public readonly record struct RawEntry(string Key, ReadOnlyMemory<byte>? Value, long ModRevision);

/// <summary>Entries as they were at one revision.</summary>
public sealed record RawSnapshot(IReadOnlyList<RawEntry> Entries, long Revision);

/// <summary>A guard: the key's modification revision, 0 for "must not exist".</summary>
public readonly record struct RawGuard(string Key, long ModRevision);

/// <summary>A write; a null value deletes.</summary>
public readonly record struct RawWrite(string Key, ReadOnlyMemory<byte>? Value);

/// <summary>All writes or none, if every guard holds.</summary>
public sealed record RawTransaction(IReadOnlyList<RawGuard> Guards, IReadOnlyList<RawWrite> Writes);

/// <summary>The closed outcome of <see cref="IClusterStore.Commit"/>.</summary>
public abstract record RawOutcome
{
    private RawOutcome()
    {
    }

    public sealed record Applied(long Revision) : RawOutcome;

    public sealed record Conflict : RawOutcome;

    public sealed record Unknown(string Why) : RawOutcome;
}

/// <summary>What the store tells unasked.</summary>
public abstract record StoreNews
{
    private StoreNews()
    {
    }

    /// <param name="StoreId">What tells this store from one that was made from a backup of it.</param>
    public sealed record Loaded(RawSnapshot Snapshot, string StoreId) : StoreNews;

    public sealed record Changed(IReadOnlyList<RawEntry> Entries, long Revision) : StoreNews;

    /// <summary>Linearizable requests are answered.</summary>
    public sealed record Reachable : StoreNews;

    /// <summary>They are not: no quorum, or no route.</summary>
    public sealed record Unreachable(string Why) : StoreNews;
}
