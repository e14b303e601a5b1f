using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>The content of the store: keys with modification revisions, changed by guarded transactions only.</summary>
internal sealed class StoreState
{
    private readonly SortedDictionary<StoreKey, StoreEntry> entries;

    public StoreState() => entries = [];

    private StoreState(StoreState other)
    {
        entries = new(other.entries);
        Revision = other.Revision;
    }

    public long Revision { get; private set; } = 1;

    public StoreState Copy() => new(this);

    public StoreEntry? Find(StoreKey key) => entries.GetValueOrDefault(key);

    public IEnumerable<StoreEntry> All => entries.Values;

    /// <summary>Every guard compares the modification revision; an absent key has 0.</summary>
    public bool Holds(StoreTransaction transaction)
    {
        foreach (var guard in transaction.Guards.AsSpan())
        {
            if ((Find(guard.Key)?.ModRevision ?? 0) != guard.ModRevision)
                return false;
        }

        return true;
    }

    /// <summary>Applies all changes at one new revision and returns them as a watcher sees them.</summary>
    public ValueList<StoreEntry> Apply(ValueList<Change> changes)
    {
        Revision++;
        var seen = new StoreEntry[changes.Count];
        for (var i = 0; i < seen.Length; i++)
        {
            var value = changes[i] is Change.Put put ? put.Value : null;
            seen[i] = new StoreEntry(changes[i].Key, value, Revision);
            if (value is null)
                entries.Remove(changes[i].Key);
            else
                entries[changes[i].Key] = seen[i];
        }

        return ValueList.Create<StoreEntry>(seen);
    }
}
