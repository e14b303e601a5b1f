namespace Mainstay.Core.Model;

/// <summary>
/// What a host has seen of the store, kept on its own disk: with it the host notices that the store was put back in time. The session is
/// kept because a restored store may not know it.
/// </summary>
/// <param name="StoreId">The store's own identity, etcd's cluster id; empty when the store has none.</param>
/// <param name="Revision">The highest revision seen.</param>
/// <param name="Incarnation">The incarnation of the cluster's settings at that time.</param>
/// <param name="Session">This host's session; null while it has none.</param>
/// <param name="Hosts">The members, without their fence methods: one that joined after the backup must not be forgotten.</param>
public sealed record StoreMark(
    string StoreId, long Revision, long Incarnation, BootId Boot, SessionId? Session, ValueList<KnownHost> Hosts)
{
    /// <summary>
    /// Sessions that cannot go on and have not been followed by another one, ordered: a backup may not know of it.
    /// </summary>
    public ValueList<SpentSession> Spent { get; init; }
}

/// <summary>A member as others remember it.</summary>
public sealed record KnownHost(HostId Host, HostConfig Config);

/// <summary>A session that cannot go on, and the storages that it was being cut off from, ordered.</summary>
public sealed record SpentSession(HostSession Session, ValueList<string> Storages);
