using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Restoration;

/// <summary>
/// What is known of a suspended group, and what is still missing before it may run again: questions to the store's facts. A host counts as
/// heard only by what it said in this incarnation of the store; what a backup says of it is no evidence.
/// </summary>
public static class RestoreRules
{
    /// <summary>Null when the store fits what this host has seen of it; else what shows that it was put back in time.</summary>
    public static string? WentBack(StoreMark? mark, string storeId, long revision)
    {
        if (mark is null)
            return null;
        if (mark.StoreId.Length > 0 && storeId.Length > 0 && mark.StoreId != storeId)
            return $"it is {storeId}, and was {mark.StoreId}";
        return revision < mark.Revision ? $"it is at revision {revision}, and was at {mark.Revision}" : null;
    }

    /// <summary>Hosts that say that the group runs on them.</summary>
    public static ValueList<HostId> RunningOn(ClusterView view, GroupId group) =>
        view.Hosts.Keys.Where(h => SightingOf(view, h) is { } said && said.Running.Contains(group)).ToValueList();

    /// <summary>
    /// Why a host on which the group runs may not take it over yet; null when it may. A host that is not heard need not be asked: whatever
    /// it runs it began before, and then it would not run here as well.
    /// </summary>
    public static string? BeforeClaim(ClusterView view, Hearing hearing, GroupId group, HostId self, Instant now)
    {
        if (RunningOn(view, group) is { Count: > 1 } several)
            return RunsOnSeveral(several);
        foreach (var host in view.Hosts.Keys.Where(h => !view.IsWitness(h)))
        {
            if (host != self && SightingOf(view, host) is null && (view.OnlineSession(host) is not null
                || hearing.IsHeard(host, view.Timing.CommitAfter, now)))
                return $"{host} has not said yet what runs on it";
        }

        return null;
    }

    /// <summary>
    /// Why the group may not be started anywhere yet; null when it runs nowhere: every host has said so, or is proved dead.
    /// </summary>
    public static string? BeforeStart(ClusterView view, GroupId group)
    {
        if (RunningOn(view, group) is { IsEmpty: false } some)
            return some.Count > 1 ? RunsOnSeveral(some) : $"it runs on {some[0]}, which is about to take it over";
        foreach (var host in view.Hosts.Keys.Where(h => !view.IsWitness(h)))
        {
            if (SightingOf(view, host) is null && !IsDead(view, host))
                return view.OnlineSession(host) is not null
                    ? $"{host} has not said yet what runs on it"
                    : $"nobody knows what runs on {host}: it has not come back since the store was restored, and its death is not proved";
        }

        return null;
    }

    private static string RunsOnSeveral(ValueList<HostId> hosts) =>
        $"it runs on {string.Join(" and on ", hosts)}: stop all copies but one with virsh destroy";

    /// <summary>What the host said in this incarnation and in its present session; null when it has not spoken.</summary>
    private static HostSighting? SightingOf(ClusterView view, HostId host) =>
        view.OnlineSession(host) is { } session && view.Sightings.GetValueOrDefault(host)?.Value is { } said
            && said.Session == session.Session && said.Incarnation == view.Incarnation
            ? said
            : null;

    // A proof in the backup speaks of a life that may not have been the last; the lease says nothing of guests that run on in isolation.
    private static bool IsDead(ClusterView view, HostId host) =>
        view.Sessions.GetValueOrDefault(host)?.Value is { State: SessionState.Fenced or SessionState.Left } record
            && view.IsConfirmed(record)
            && view.HasFullProof(new HostSession(host, record.Session));
}
