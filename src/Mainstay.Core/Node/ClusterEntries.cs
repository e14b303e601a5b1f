using System.Collections.Immutable;
using Mainstay.Core.Model;

namespace Mainstay.Core.Node;

/// <summary>A view of the cluster as entries of the store.</summary>
public static class ClusterEntries
{
    /// <summary>Everything that this version can read, ordered by key.</summary>
    public static IEnumerable<StoreEntry> Of(ClusterView view)
    {
        IEnumerable<StoreEntry?> single =
        [
            Entry(new StoreKey.Cluster(), view.Settings), Entry(new StoreKey.Leader(), view.Leader),
            Entry(new StoreKey.Keepers(), view.Keepers), Entry(new StoreKey.Rules(), view.RuleBook),
        ];
        return single.OfType<StoreEntry>()
            .Concat(All(view.Hosts, host => new StoreKey.Host(host)))
            .Concat(All(view.Sessions, host => new StoreKey.Session(host)))
            .Concat(All(view.Fences, target => new StoreKey.Fence(target)))
            .Concat(All(view.Groups, group => new StoreKey.Group(group)))
            .Concat(All(view.Ownerships, group => new StoreKey.Ownership(group)))
            .Concat(All(view.Loads, host => new StoreKey.Load(host)))
            .Concat(All(view.Decisions, group => new StoreKey.Decision(group)))
            .Concat(All(view.KeeperRecords, host => new StoreKey.Keeper(host)))
            .Concat(All(view.Adoptions, group => new StoreKey.Adoption(group)))
            .Concat(All(view.Sightings, host => new StoreKey.Sighting(host)))
            .Concat(All(view.Storages, name => new StoreKey.Storage(name)))
            .Concat(All(view.Quarantines, host => new StoreKey.Quarantine(host)))
            .Concat(All(view.Arrivals, host => new StoreKey.Arrival(host)))
            .Concat(All(view.Offers, host => new StoreKey.Offer(host)))
            .OrderBy(entry => entry.Key);
    }

    private static StoreEntry? Entry<T>(StoreKey key, Stored<T>? stored)
        where T : StoreValue => stored is null ? null : new StoreEntry(key, stored.Value, stored.ModRevision);

    private static IEnumerable<StoreEntry> All<TKey, T>(ImmutableSortedDictionary<TKey, Stored<T>> known, Func<TKey, StoreKey> key)
        where TKey : notnull
        where T : StoreValue => known.Select(pair => new StoreEntry(key(pair.Key), pair.Value.Value, pair.Value.ModRevision));
}
