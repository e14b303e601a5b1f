using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Restoration;

namespace Mainstay.Core.Placement;

/// <summary>Where guests take room, for one view of the cluster.</summary>
internal sealed class GuestPlaces
{
    private readonly ClusterView view;
    private readonly SortedDictionary<HostId, (int At, SessionId? Session)> hosts = [];

    public GuestPlaces(ClusterView view)
    {
        this.view = view;
        foreach (var host in view.Hosts.Keys)
            hosts[host] = (hosts.Count, view.Sessions.GetValueOrDefault(host)?.Value.Session);
    }

    /// <summary>The host's position among those configured; null when it is none of them.</summary>
    public int? IndexOf(HostId host) => hosts.TryGetValue(host, out var known) ? known.At : null;

    /// <summary>What comes out of a backup says nothing about where a guest takes memory: it does where it runs.</summary>
    public ValueList<HostId> Of(GroupId group, OwnershipRecord own) =>
        own.Incarnation < view.Incarnation ? RestoreRules.RunningOn(view, group) : Of(own) is { } place ? [place] : [];

    // What an ended session owned runs nowhere: it takes no memory of the host's present life.
    private HostId? Of(OwnershipRecord own) =>
        OwnershipRules.OwnerOf(own) is { } owner
            && (!hosts.TryGetValue(owner.Host, out var host) || host.Session != owner.Session || view.HasProof(owner))
            ? null
            : OwnershipRules.PlaceOf(own);
}
