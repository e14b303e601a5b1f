using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Ordering;

/// <summary>Whether the gate of a dependency is open: a question to the store's facts, with the same answer on every host.</summary>
public static class StartOrder
{
    /// <summary>Why this dependency keeps a group from being started now; null when it does not.</summary>
    /// <param name="isSilent">A host that the store calls online, and that nobody hears.</param>
    public static string? Waits(ClusterView view, StartDependency edge, Func<HostId, bool> isSilent)
    {
        var first = edge.On;
        if (!view.Groups.TryGetValue(first, out var spec) || spec.Value.Desired == DesiredState.Stopped
            || view.Ownerships.GetValueOrDefault(first)?.Value is not { } own)
            return null;
        if (view.IsSuspended(first))
            return $"{first} is suspended since the store was restored";
        return own.Phase switch
        {
            OwnershipPhase.Claimed claimed => OfClaimed(view, edge, own, claimed.Owner, isSilent),
            OwnershipPhase.Migrating => null,
            OwnershipPhase.Releasing releasing => $"{first} is being stopped on {releasing.Owner.Host}",
            OwnershipPhase.Assigned assigned => $"{first} is being started on {assigned.Host}",
            OwnershipPhase.Free => own.KeptFor is { } host ? $"{first} waits for the return of {host}" : $"{first} waits for a place",
            OwnershipPhase.Blocked => $"{first} is blocked",
        };
    }

    /// <summary>What a person reads about a dependency that does not hold the group up; null when it does.</summary>
    public static string? WhyNot(ClusterView view, StartDependency edge, Func<HostId, bool> isSilent) =>
        Waits(view, edge, isSilent) is not null ? null
        : !view.Groups.TryGetValue(edge.On, out var spec) ? $"{edge.On} is not protected, so nothing waits for it"
        : spec.Value.Desired == DesiredState.Stopped ? $"{edge.On} is to be stopped ({spec.Value.DesiredBy}), so nothing waits for it"
        : $"{edge.On} is through its gate ({edge.GateText})";

    /// <summary>What the order says about a group that is about to be placed; empty when it waits for nobody.</summary>
    public static string Words(ClusterView view, GroupSpec spec, Func<HostId, bool> isSilent) =>
        string.Concat(spec.Order.After.Select(edge => Waits(view, edge, isSilent) is { } why
            ? $"; it is started after {edge.On} ({edge.GateText}): {why}"
            : $"; {WhyNot(view, edge, isSilent)}"));

    private static string? OfClaimed(
        ClusterView view, StartDependency edge, OwnershipRecord own, HostSession owner, Func<HostId, bool> isSilent)
    {
        if (!view.IsOnline(owner))
            return $"{edge.On} was lost with {owner.Host}";
        if (isSilent(owner.Host))
            return $"{edge.On} is on {owner.Host}, which is silent";
        if (view.Sessions[owner.Host].Value.Leaving == LeavePolicy.Move)
            return $"{edge.On} is leaving {owner.Host}, which is being shut down";
        if (!own.HasRun)
            return $"{edge.On} has not started yet on {owner.Host}";
        return edge.Gate switch
        {
            StartGate.Started => null,
            StartGate.Agent => own.AgentAnswered ? null : $"the agent in {edge.On} has not answered yet",
            StartGate.Delay => own.RanFor >= edge.Delay
                ? null : $"{edge.On} has not run for {StartDependency.Words(edge.Delay)} yet",
            StartGate.Probe => $"nothing probes the application of {edge.On}",
        };
    }
}
