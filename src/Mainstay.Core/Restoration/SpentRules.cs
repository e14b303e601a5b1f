using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Restoration;

/// <summary>
/// Which sessions are spent, by the store and by what is remembered beside it: they were ordered to be cut off from a storage, a keeper
/// consented to their end, or it is proved. None of that can be undone, so the session cannot go on, whatever is restored.
/// </summary>
public static class SpentRules
{
    /// <summary>Why a session has a fence record, where nothing else is known of it.</summary>
    internal const string Reason = "its end was prepared before the store was restored";

    /// <summary>Something was done to the session that cannot be undone.</summary>
    public static bool IsSpent(FenceRecord fence) =>
        EndsItself(fence) || !fence.Silences.IsEmpty || !fence.Consents.IsEmpty || !fence.Proofs.IsEmpty;

    /// <summary>Nobody gives it back: it ends as soon as it finds this, also while it is online.</summary>
    public static bool EndsItself(FenceRecord fence) => fence.Spent || !fence.Revocations.IsEmpty;

    /// <summary>The current session of the host is about to end by itself.</summary>
    public static bool IsEnding(ClusterView view, HostId host) => view.Sessions.GetValueOrDefault(host)?.Value is { } record
        && view.Fences.GetValueOrDefault(new HostSession(host, record.Session))?.Value is { } fence && EndsItself(fence);

    /// <summary>What a host has to remember: what the store says, and what was remembered before and may still be so.</summary>
    public static ValueList<SpentSession> Known(ClusterView view, ValueList<SpentSession> before)
    {
        var known = new SortedDictionary<HostSession, ValueList<string>>();
        foreach (var (host, session) in view.Sessions)
        {
            var current = new HostSession(host, session.Value.Session);
            if (view.Fences.GetValueOrDefault(current)?.Value is { } fence && IsSpent(fence))
                known[current] = fence.Revocations;
        }

        foreach (var spent in before)
        {
            var host = spent.Session.Host;
            if (view.Hosts.ContainsKey(host) && MayBe(view, spent, view.Sessions.GetValueOrDefault(host)?.Value))
                known[spent.Session] = Union(known.GetValueOrDefault(spent.Session), spent.Storages);
        }

        return known.Select(k => new SpentSession(k.Key, k.Value)).ToValueList();
    }

    /// <summary>
    /// False once the host has begun a later session, or goes on with one: it has its storages then. A session that the backup left there
    /// may be an earlier one; it is a later one if the end of this one is in the backup as well.
    /// </summary>
    public static bool MayBe(ClusterView view, SpentSession known, SessionRecord? record) =>
        record is null || record.Session == known.Session.Session
        || (!view.IsConfirmed(record) && !view.HasFullProof(known.Session));

    public static ValueList<string> Union(ValueList<string> some, ValueList<string> others) =>
        some.Union(others).Order(StringComparer.Ordinal).ToValueList();

    /// <summary>This very session, the last of its host, is cut off from some storage.</summary>
    public static bool IsCutOff(ClusterView view, HostSession session) =>
        (view.Sessions.GetValueOrDefault(session.Host)?.Value is not { } record || record.Session == session.Session)
        && view.Fences.GetValueOrDefault(session)?.Value is { Revocations.IsEmpty: false };

    /// <summary>The session with which the host was taken out of the cluster while cut off from storages; null when it was not.</summary>
    public static HostSession? BeforeRemoval(ClusterView view, HostId host)
    {
        foreach (var session in view.Sessions.ContainsKey(host) ? [] : view.Fences.Keys)
        {
            if (session.Host == host && IsCutOff(view, session))
                return session;
        }

        return null;
    }

    /// <summary>
    /// Writes down the end of that session, of which the lease may be the only proof: its host has shown that nothing of it runs.
    /// </summary>
    internal static StoreTransaction EndOfRemoved(NodeState state, HostSession session)
    {
        var (key, known) = (new StoreKey.Fence(session), state.View.Fences[session].Value);
        var proof = new Proof.Orderly($"{session.Host} joins again, and found none of the guests that it had left");
        return new StoreTransaction(
            [state.GuardOf(key), state.GuardOf(new StoreKey.Session(session.Host)), state.GuardOf(new StoreKey.Cluster())],
            [new Change.Put(key, known with { Proofs = known.Proofs.Add(proof) })]);
    }

    /// <summary>Why the current session of the host ends by itself.</summary>
    public static string Why(ClusterView view, HostId host) => Of(view, host) is { IsEmpty: false } storages
        ? $"it was cut off from {string.Join(", ", storages)} before the store was restored"
        : Reason;

    /// <summary>The storages that the current session of the host is cut off from.</summary>
    public static ValueList<string> Of(ClusterView view, HostId host) =>
        view.Sessions.GetValueOrDefault(host)?.Value is { } record
            ? view.Fences.GetValueOrDefault(new HostSession(host, record.Session))?.Value.Revocations ?? []
            : [];
}
