using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Restoration;

/// <summary>Which sessions are cut off from storages, by the store and by what is remembered beside it.</summary>
public static class CutOffRules
{
    /// <summary>Why a session has a fence record, where nothing else is known of it.</summary>
    internal const string Reason = "it was cut off from storages before the store was restored";

    /// <summary>What a host has to remember: what the store says, and what was remembered before and may still be so.</summary>
    public static ValueList<CutOff> Known(ClusterView view, ValueList<CutOff> before)
    {
        var known = new SortedDictionary<HostSession, ValueList<string>>();
        foreach (var (host, session) in view.Sessions)
        {
            var current = new HostSession(host, session.Value.Session);
            if (view.Fences.GetValueOrDefault(current)?.Value.Revocations is { IsEmpty: false } storages)
                known[current] = storages;
        }

        foreach (var cutOff in before)
        {
            var host = cutOff.Session.Host;
            if (view.Hosts.ContainsKey(host) && MayBe(view, cutOff, view.Sessions.GetValueOrDefault(host)?.Value))
                known[cutOff.Session] = Union(known.GetValueOrDefault(cutOff.Session), cutOff.Storages);
        }

        return known.Select(k => new CutOff(k.Key, k.Value)).ToValueList();
    }

    /// <summary>
    /// False once the host has begun a later session, or goes on with one: it has its storages then. A session that the backup left there
    /// may be an earlier one; it is a later one if the end of this one is in the backup as well.
    /// </summary>
    public static bool MayBe(ClusterView view, CutOff known, SessionRecord? record) =>
        record is null || record.Session == known.Session.Session
        || (!view.IsConfirmed(record) && !view.HasFullProof(known.Session));

    public static ValueList<string> Union(ValueList<string> some, ValueList<string> others) =>
        some.Union(others).Order(StringComparer.Ordinal).ToValueList();

    /// <summary>This very session, the last of its host, is cut off from some storage.</summary>
    public static bool IsCutOff(ClusterView view, HostSession session) =>
        (view.Sessions.GetValueOrDefault(session.Host)?.Value is not { } record || record.Session == session.Session)
        && view.Fences.GetValueOrDefault(session)?.Value is { Revocations.IsEmpty: false };

    /// <summary>
    /// The session with which the host was taken out of the cluster while it was cut off from storages; null when it was not.
    /// </summary>
    public static HostSession? BeforeRemoval(ClusterView view, HostId host)
    {
        foreach (var session in view.Sessions.ContainsKey(host) ? [] : view.Fences.Keys)
        {
            if (session.Host == host && IsCutOff(view, session))
                return session;
        }

        return null;
    }

    /// <summary>The storages that the current session of the host is cut off from.</summary>
    public static ValueList<string> Of(ClusterView view, HostId host) =>
        view.Sessions.GetValueOrDefault(host)?.Value is { } record
            ? view.Fences.GetValueOrDefault(new HostSession(host, record.Session))?.Value.Revocations ?? []
            : [];
}
