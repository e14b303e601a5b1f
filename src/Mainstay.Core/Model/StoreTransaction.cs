namespace Mainstay.Core.Model;

/// <summary>
/// The condition under which a transaction applies: the key still has this modification revision; 0 means it does not exist.
/// </summary>
public sealed record Guard(StoreKey Key, long ModRevision);

/// <summary>One change of a transaction.</summary>
public abstract record Change
{
    private Change(StoreKey key) => Key = key;

    public StoreKey Key { get; }

    public sealed record Put(StoreKey At, StoreValue Value) : Change(At);

    public sealed record Delete(StoreKey At) : Change(At);
}

/// <summary>
/// All changes or none, if every guard holds (S3). Blind writes do not exist: a transaction without guards is a bug.
/// At most <see cref="MaxChanges"/> changes: etcd's default limit is 128 operations.
/// </summary>
public sealed record StoreTransaction(ValueList<Guard> Guards, ValueList<Change> Changes)
{
    public const int MaxChanges = 100;
}

/// <summary>What became of a transaction. <see cref="Unknown"/> may still be applied later; it is read back, never sent again.</summary>
public abstract record StoreOutcome
{
    private StoreOutcome()
    {
    }

    /// <summary>Applied at this revision: every key it put has it as its modification revision.</summary>
    public sealed record Applied(long Revision) : StoreOutcome;

    /// <summary>A guard did not hold; nothing was changed.</summary>
    public sealed record Conflict : StoreOutcome;

    public sealed record Unknown(string Why) : StoreOutcome;
}

/// <summary>One fact as stored. A deleted key is reported with a null value.</summary>
public sealed record StoreEntry(StoreKey Key, StoreValue? Value, long ModRevision);
