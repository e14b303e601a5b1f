using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement.Needs;

namespace Mainstay.Core.Placement;

/// <summary>What the placer would say now, for people: it decides nothing.</summary>
/// <param name="view">The cluster as stored.</param>
/// <param name="hostFault">Why a host cannot take guests although the store says online; null when it can.</param>
public sealed class PlacementQuestion(ClusterView view, Func<HostId, string?> hostFault)
{
    /// <summary>Everything that keeps the guest from that host now; empty when nothing does.</summary>
    public ValueList<string> WhyNot(GroupId group, HostId host) =>
        Wish(group, null) is { } wish ? new Placer(view, hostFault).WhyNot(wish, host) : ["it is not protected"];

    /// <summary>What it needs and nobody has found out about that host.</summary>
    public ValueList<string> Unknown(GroupId group, HostId host) => Fitness.Unknown(
        view.Groups.GetValueOrDefault(group)?.Value.Needs,
        view.Offers.GetValueOrDefault(host)?.Value is { } offer && view.OnlineSession(host)?.Session == offer.Session ? offer : null);

    /// <summary>Where it would go if its host were lost now.</summary>
    public PlacementDecision IfLost(GroupId group) =>
        Wish(group, view.Ownerships.GetValueOrDefault(group) is { } own ? OwnershipRules.PlaceOf(own.Value) : null) is { } wish
            ? new Placer(view, hostFault).Place(wish)
            : new PlacementDecision(default, null, "it is not protected", []);

    private PlacementWish? Wish(GroupId group, HostId? lost) =>
        view.Groups.TryGetValue(group, out var spec) && view.Ownerships.TryGetValue(group, out var own)
            ? new PlacementWish(group, spec.Value, own.Value, "what if", lost)
            : null;
}
