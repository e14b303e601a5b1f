using System.Collections.Immutable;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Core.Rules;
using Mainstay.Core.Times;

namespace Mainstay.Core.Node;

/// <summary>A stored fact with the modification revision that guards a change of it.</summary>
public sealed record Stored<T>(T Value, long ModRevision)
    where T : StoreValue;

/// <summary>The store as this agent last saw it: an immutable snapshot, safe to read from anywhere.</summary>
public sealed record ClusterView
{
    public static readonly ClusterView Empty = new();

    /// <summary>Whether the store was read at all.</summary>
    public bool Loaded { get; private init; }

    public Stored<ClusterSettings>? Settings { get; private init; }

    public Stored<LeaderRecord>? Leader { get; private init; }

    public ImmutableSortedDictionary<HostId, Stored<HostConfig>> Hosts { get; private init; } =
        ImmutableSortedDictionary<HostId, Stored<HostConfig>>.Empty;

    public ImmutableSortedDictionary<HostId, Stored<SessionRecord>> Sessions { get; private init; } =
        ImmutableSortedDictionary<HostId, Stored<SessionRecord>>.Empty;

    public ImmutableSortedDictionary<HostSession, Stored<FenceRecord>> Fences { get; private init; } =
        ImmutableSortedDictionary<HostSession, Stored<FenceRecord>>.Empty;

    public ImmutableSortedDictionary<GroupId, Stored<GroupSpec>> Groups { get; private init; } =
        ImmutableSortedDictionary<GroupId, Stored<GroupSpec>>.Empty;

    public ImmutableSortedDictionary<GroupId, Stored<OwnershipRecord>> Ownerships { get; private init; } =
        ImmutableSortedDictionary<GroupId, Stored<OwnershipRecord>>.Empty;

    public ImmutableSortedDictionary<HostId, Stored<HostLoad>> Loads { get; private init; } =
        ImmutableSortedDictionary<HostId, Stored<HostLoad>>.Empty;

    public ImmutableSortedDictionary<GroupId, Stored<PlacementDecision>> Decisions { get; private init; } =
        ImmutableSortedDictionary<GroupId, Stored<PlacementDecision>>.Empty;

    public Stored<KeeperSet>? Keepers { get; private init; }

    public ImmutableSortedDictionary<HostId, Stored<KeeperRecord>> KeeperRecords { get; private init; } =
        ImmutableSortedDictionary<HostId, Stored<KeeperRecord>>.Empty;

    public ImmutableSortedDictionary<GroupId, Stored<AdoptionRecord>> Adoptions { get; private init; } =
        ImmutableSortedDictionary<GroupId, Stored<AdoptionRecord>>.Empty;

    public ImmutableSortedDictionary<HostId, Stored<HostSighting>> Sightings { get; private init; } =
        ImmutableSortedDictionary<HostId, Stored<HostSighting>>.Empty;

    public ImmutableSortedDictionary<string, Stored<StorageConfig>> Storages { get; private init; } =
        ImmutableSortedDictionary.Create<string, Stored<StorageConfig>>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<HostId, Stored<QuarantineRecord>> Quarantines { get; private init; } =
        ImmutableSortedDictionary<HostId, Stored<QuarantineRecord>>.Empty;

    public ImmutableSortedDictionary<HostId, Stored<ArrivalRecord>> Arrivals { get; private init; } =
        ImmutableSortedDictionary<HostId, Stored<ArrivalRecord>>.Empty;

    public Stored<RuleBook>? RuleBook { get; private init; }

    /// <summary>What is asked of where guests run.</summary>
    public ValueList<PlacementRule> Rules => RuleBook?.Value.Rules ?? [];

    public ImmutableSortedDictionary<HostId, Stored<HostOffer>> Offers { get; private init; } =
        ImmutableSortedDictionary<HostId, Stored<HostOffer>>.Empty;

    public ImmutableSortedDictionary<GroupId, Stored<RecoveryTimes>> Recoveries { get; private init; } =
        ImmutableSortedDictionary<GroupId, Stored<RecoveryTimes>>.Empty;

    /// <summary>What is in the store and cannot be read by this version.</summary>
    public ImmutableSortedDictionary<StoreKey, Stored<ForeignValue>> Foreign { get; private init; } =
        ImmutableSortedDictionary<StoreKey, Stored<ForeignValue>>.Empty;

    /// <summary>Why this agent must leave the store to others; null while it can read all that decisions depend on.</summary>
    public string? Unreadable =>
        Foreign.FirstOrDefault(f => !IsForPeople(f.Key)).Value?.Value.Why;

    // No decision that must not be wrong depends on these.
    private static bool IsForPeople(StoreKey key) =>
        key is StoreKey.Load or StoreKey.Decision or StoreKey.Arrival or StoreKey.Offer or StoreKey.Recovery;

    private ImmutableSortedDictionary<StoreKey, long> Deleted { get; init; } = ImmutableSortedDictionary<StoreKey, long>.Empty;

    /// <summary>How often the store was put back in time, counted from 1; 0 while nothing was read.</summary>
    public long Incarnation => Settings?.Value.Incarnation ?? 0;

    public bool Armed => Settings?.Value.Armed ?? false;

    public Timing Timing => Timing.For(Settings?.Value.Profile ?? TimingProfile.Balanced);

    /// <summary>True when a recorded proof says that the session is over (S2). What it is worth for a group says the other
    /// overload.</summary>
    public bool HasProof(HostSession session) => Fences.TryGetValue(session, out var fence) && !fence.Value.Proofs.IsEmpty;

    /// <summary>True when a recorded proof says that the session cannot run this group any more (S2).</summary>
    public bool HasProof(HostSession session, GroupId group) =>
        Fences.TryGetValue(session, out var fence)
        && ProofRules.Cover(fence.Value, Groups.GetValueOrDefault(group)?.Value, Ownerships.GetValueOrDefault(group)?.Value);

    /// <summary>True when a recorded proof covers every guest, also those that run on in isolation, and all that they do.</summary>
    public bool HasFullProof(HostSession session) =>
        Fences.TryGetValue(session, out var fence) && fence.Value.Proofs.Any(ProofRules.IsFull);

    /// <summary>
    /// The ownership of this group comes out of a backup: nobody starts, gives away or stops it before it is known where it runs (S3).
    /// </summary>
    public bool IsSuspended(GroupId group) => Ownerships.TryGetValue(group, out var own) && own.Value.Incarnation < Incarnation;

    /// <summary>The session was registered with the store as it is, not only in a backup of it.</summary>
    public bool IsConfirmed(SessionRecord session) => session.Incarnation >= Incarnation;

    /// <summary>True when the session is the current one of its host and may own groups.</summary>
    public bool IsOnline(HostSession session) => OnlineSession(session.Host) == session;

    public HostSession? OnlineSession(HostId host) =>
        Sessions.TryGetValue(host, out var record) && record.Value.State == SessionState.Online && IsConfirmed(record.Value)
            ? new HostSession(host, record.Value.Session)
            : null;

    public bool IsWitness(HostId host) => Hosts.GetValueOrDefault(host)?.Value.Witness == true;

    /// <summary>The incarnation of a host's beacon that is registered as keeper, 0 when none is.</summary>
    public ulong IncarnationOf(HostId host) => KeeperRecords.GetValueOrDefault(host)?.Value.Incarnation ?? 0;

    /// <summary>The modification revision of a key, 0 when it does not exist.</summary>
    public long RevisionOf(StoreKey key) => Foreign.GetValueOrDefault(key)?.ModRevision ?? RevisionOfKnown(key);

    private long RevisionOfKnown(StoreKey key) => key switch
    {
        StoreKey.Cluster => Settings?.ModRevision ?? 0,
        StoreKey.Leader => Leader?.ModRevision ?? 0,
        StoreKey.Host k => Hosts.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Session k => Sessions.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Fence k => Fences.GetValueOrDefault(k.Target)?.ModRevision ?? 0,
        StoreKey.Group k => Groups.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Ownership k => Ownerships.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Load k => Loads.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Decision k => Decisions.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Keepers => Keepers?.ModRevision ?? 0,
        StoreKey.Keeper k => KeeperRecords.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Adoption k => Adoptions.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Sighting k => Sightings.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Storage k => Storages.GetValueOrDefault(k.Name)?.ModRevision ?? 0,
        StoreKey.Rules => RuleBook?.ModRevision ?? 0,
        StoreKey.Offer k => Offers.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Quarantine k => Quarantines.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Arrival k => Arrivals.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
        StoreKey.Recovery k => Recoveries.GetValueOrDefault(k.Id)?.ModRevision ?? 0,
    };

    /// <summary>The store as read at a revision. What this view knows to be newer (its own writes since) stays.</summary>
    public ClusterView Reload(ValueList<StoreEntry> entries, long revision)
    {
        var view = Empty with { Loaded = true, Deleted = Newer(Deleted, revision) };
        foreach (var entry in entries)
            view = view.With(entry);
        view = view with
        {
            Settings = Settings?.ModRevision > revision ? Settings : view.Settings,
            Leader = Leader?.ModRevision > revision ? Leader : view.Leader,
            Hosts = Merge(view.Hosts, Hosts, revision),
            Sessions = Merge(view.Sessions, Sessions, revision),
            Fences = Merge(view.Fences, Fences, revision),
            Groups = Merge(view.Groups, Groups, revision),
            Ownerships = Merge(view.Ownerships, Ownerships, revision),
            Loads = Merge(view.Loads, Loads, revision),
            Decisions = Merge(view.Decisions, Decisions, revision),
            Keepers = Keepers?.ModRevision > revision ? Keepers : view.Keepers,
            KeeperRecords = Merge(view.KeeperRecords, KeeperRecords, revision),
            Adoptions = Merge(view.Adoptions, Adoptions, revision),
            Sightings = Merge(view.Sightings, Sightings, revision),
            Storages = Merge(view.Storages, Storages, revision),
            Quarantines = Merge(view.Quarantines, Quarantines, revision),
            RuleBook = RuleBook?.ModRevision > revision ? RuleBook : view.RuleBook,
            Offers = Merge(view.Offers, Offers, revision),
            Arrivals = Merge(view.Arrivals, Arrivals, revision),
            Recoveries = Merge(view.Recoveries, Recoveries, revision),
            Foreign = Merge(view.Foreign, Foreign, revision),
        };
        return view with { Foreign = view.Foreign.RemoveRange(view.Foreign.Keys.Where(key => view.RevisionOfKnown(key) > revision)) };
    }

    /// <summary>The view with one entry applied, unless it already knows that revision or a later one of the key.</summary>
    public ClusterView With(StoreEntry entry)
    {
        if (entry.ModRevision <= Math.Max(RevisionOf(entry.Key), Deleted.GetValueOrDefault(entry.Key)) && entry.Value is not null)
            return this;
        return entry.Value is null ? Without(entry) : Put(entry.Key, entry.Value, entry.ModRevision);
    }

    private static ImmutableSortedDictionary<TKey, Stored<T>> Merge<TKey, T>(
        ImmutableSortedDictionary<TKey, Stored<T>> loaded, ImmutableSortedDictionary<TKey, Stored<T>> known, long revision)
        where TKey : notnull
        where T : StoreValue
    {
        foreach (var (key, value) in known)
        {
            if (value.ModRevision > revision)
                loaded = loaded.SetItem(key, value);
        }

        return loaded;
    }

    private static ImmutableSortedDictionary<StoreKey, long> Newer(ImmutableSortedDictionary<StoreKey, long> deleted, long revision) =>
        deleted.Where(d => d.Value > revision).ToImmutableSortedDictionary();

    private ClusterView Put(StoreKey key, StoreValue value, long revision) => value is ForeignValue foreign
        ? Remove(key) with { Foreign = Foreign.SetItem(key, new(foreign, revision)) }
        : (Foreign.IsEmpty ? this : this with { Foreign = Foreign.Remove(key) }).PutKnown(key, value, revision);

    private ClusterView PutKnown(StoreKey key, StoreValue value, long revision) => (key, value) switch
    {
        (StoreKey.Cluster, ClusterSettings v) => this with { Settings = new(v, revision) },
        (StoreKey.Leader, LeaderRecord v) => this with { Leader = new(v, revision) },
        (StoreKey.Host k, HostConfig v) => this with { Hosts = Hosts.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Session k, SessionRecord v) => this with { Sessions = Sessions.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Fence k, FenceRecord v) => this with { Fences = Fences.SetItem(k.Target, new(v, revision)) },
        (StoreKey.Group k, GroupSpec v) => this with { Groups = Groups.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Ownership k, OwnershipRecord v) => this with { Ownerships = Ownerships.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Load k, HostLoad v) => this with { Loads = Loads.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Decision k, PlacementDecision v) => this with { Decisions = Decisions.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Keepers, KeeperSet v) => this with { Keepers = new(v, revision) },
        (StoreKey.Keeper k, KeeperRecord v) => this with { KeeperRecords = KeeperRecords.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Adoption k, AdoptionRecord v) => this with { Adoptions = Adoptions.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Sighting k, HostSighting v) => this with { Sightings = Sightings.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Storage k, StorageConfig v) => this with { Storages = Storages.SetItem(k.Name, new(v, revision)) },
        (StoreKey.Quarantine k, QuarantineRecord v) => this with { Quarantines = Quarantines.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Rules, RuleBook v) => this with { RuleBook = new(v, revision) },
        (StoreKey.Offer k, HostOffer v) => this with { Offers = Offers.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Arrival k, ArrivalRecord v) => this with { Arrivals = Arrivals.SetItem(k.Id, new(v, revision)) },
        (StoreKey.Recovery k, RecoveryTimes v) => this with { Recoveries = Recoveries.SetItem(k.Id, new(v, revision)) },
        _ => throw new InvalidOperationException($"The key {key} holds a {value.GetType().Name}; keys and values do not match."),
    };

    private ClusterView Without(StoreEntry entry)
    {
        var known = RevisionOf(entry.Key);
        if (known == 0 || (entry.ModRevision != 0 && entry.ModRevision < known))
            return this;
        var left = this with { Deleted = Deleted.SetItem(entry.Key, Math.Max(known, entry.ModRevision)) };
        return (Foreign.IsEmpty ? left : left with { Foreign = Foreign.Remove(entry.Key) }).Remove(entry.Key);
    }

    private ClusterView Remove(StoreKey key) => key switch
    {
        StoreKey.Cluster => this with { Settings = null },
        StoreKey.Leader => this with { Leader = null },
        StoreKey.Host k => this with { Hosts = Hosts.Remove(k.Id) },
        StoreKey.Session k => this with { Sessions = Sessions.Remove(k.Id) },
        StoreKey.Fence k => this with { Fences = Fences.Remove(k.Target) },
        StoreKey.Group k => this with { Groups = Groups.Remove(k.Id) },
        StoreKey.Ownership k => this with { Ownerships = Ownerships.Remove(k.Id) },
        StoreKey.Load k => this with { Loads = Loads.Remove(k.Id) },
        StoreKey.Decision k => this with { Decisions = Decisions.Remove(k.Id) },
        StoreKey.Keepers => this with { Keepers = null },
        StoreKey.Keeper k => this with { KeeperRecords = KeeperRecords.Remove(k.Id) },
        StoreKey.Adoption k => this with { Adoptions = Adoptions.Remove(k.Id) },
        StoreKey.Sighting k => this with { Sightings = Sightings.Remove(k.Id) },
        StoreKey.Storage k => this with { Storages = Storages.Remove(k.Name) },
        StoreKey.Quarantine k => this with { Quarantines = Quarantines.Remove(k.Id) },
        StoreKey.Rules => this with { RuleBook = null },
        StoreKey.Offer k => this with { Offers = Offers.Remove(k.Id) },
        StoreKey.Arrival k => this with { Arrivals = Arrivals.Remove(k.Id) },
        StoreKey.Recovery k => this with { Recoveries = Recoveries.Remove(k.Id) },
    };
}
