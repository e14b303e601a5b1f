using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Engine.Shell;

/// <summary>Between the core's facts and the store's keys and bytes.</summary>
public sealed class StoreTranslator(StoreCodec codec, IFactJournal journal)
{
    public RawTransaction Encode(StoreTransaction transaction)
    {
        // S3: a write without a condition could overwrite what it never saw.
        if (transaction.Guards.IsEmpty)
            throw new InvalidOperationException("A transaction without guards reached the store.");
        if (transaction.Changes.Count > StoreTransaction.MaxChanges)
            throw new InvalidOperationException(
                $"A transaction has {transaction.Changes.Count} changes; {StoreTransaction.MaxChanges} is the limit.");
        return new RawTransaction(
            [.. transaction.Guards.Select(g => new RawGuard(g.Key.ToString(), g.ModRevision))],
            [.. transaction.Changes.Select(Encode)]);
    }

    /// <summary>
    /// Keys of other uses and of newer versions are left out. A value that cannot be read is not absent: it comes as one that is not to be
    /// touched, with a line in the log.
    /// </summary>
    public ValueList<StoreEntry> Decode(IReadOnlyList<RawEntry> raw)
    {
        var entries = new List<StoreEntry>(raw.Count);
        foreach (var entry in raw)
        {
            if (!StoreKey.TryParse(entry.Key, out var key))
                continue;
            if (entry.Value is not { } bytes)
            {
                entries.Add(new StoreEntry(key, null, entry.ModRevision));
                continue;
            }

            switch (codec.Decode(key, bytes.Span))
            {
                case DecodedValue.Read read:
                    entries.Add(new StoreEntry(key, read.Value, entry.ModRevision));
                    break;
                case DecodedValue.Unreadable unreadable:
                    journal.Note(new ShellNote.StoredValueSkipped(unreadable.Why));
                    entries.Add(new StoreEntry(key, new ForeignValue(unreadable.Why), entry.ModRevision));
                    break;
            }
        }

        return entries.ToValueList();
    }

    private RawWrite Encode(Change change) => change switch
    {
        Change.Put put => new RawWrite(put.Key.ToString(), codec.Encode(put.Key, put.Value)),
        Change.Delete delete => new RawWrite(delete.Key.ToString(), null),
        _ => throw new InvalidOperationException($"Unknown change {change.GetType().Name}."),
    };
}
