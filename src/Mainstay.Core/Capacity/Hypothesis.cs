using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Capacity;

/// <summary>The cluster as it would be after changes that nobody has made.</summary>
public sealed class Hypothesis(ClusterView view)
{
    // Above any revision of a real store, so that a supposed value is never taken for an old one.
    private long revision = long.MaxValue / 2;

    public ClusterView View { get; private set; } = view;

    public Hypothesis Put(StoreKey key, StoreValue value)
    {
        View = View.With(new StoreEntry(key, value, ++revision));
        return this;
    }

    public Hypothesis Delete(StoreKey key)
    {
        View = View.With(new StoreEntry(key, null, 0));
        return this;
    }

    /// <summary>All changes of a transaction, whether its guards hold or not.</summary>
    public Hypothesis Apply(StoreTransaction transaction)
    {
        foreach (var change in transaction.Changes)
        {
            _ = change switch
            {
                Change.Put put => Put(put.Key, put.Value),
                Change.Delete delete => Delete(delete.Key),
            };
        }

        return this;
    }
}
