using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Capacity;

/// <summary>
/// Admission control: what a person asks for is refused when it would take the room that is kept for a loss. What the cluster itself does
/// after a loss never is: it is what the room is kept for.
/// </summary>
internal sealed class CapacityGate(NodeState state)
{
    /// <summary>Why the change must not be made; null when every guest that had a place after a loss still has one.</summary>
    /// <param name="after">The cluster as it would be.</param>
    public string? Against(ClusterView after)
    {
        var then = CapacityBoard.Of(after, Unfit);
        if (then.Standing != CapacityStanding.Red)
            return null;
        var known = new SortedSet<(string Loss, GroupId Group)>(
            CapacityBoard.Of(state.View, Unfit).Plans.SelectMany(plan => plan.Stranded.Select(guest => (plan.Case.Name, guest.Group))));
        var worse = then.Plans.Where(plan => plan.Verdict == LossVerdict.NotSurvived
            && plan.Stranded.Any(guest => !known.Contains((plan.Case.Name, guest.Group)))).ToArray();
        if (worse.Length == 0)
            return null;
        var first = worse[0].Stranded.First(guest => !known.Contains((worse[0].Case.Name, guest.Group)));
        var more = worse.Length > 1 ? $", and {worse.Length - 1} more losses would strand guests" : "";
        return $"it would take room that is kept for a loss: after the loss of {worse[0].Case.Name} {first.Group} would have no place "
            + $"({first.Why}){more}. Make room, keep room for fewer losses (mainstay capacity --losses), or say --override REASON";
    }

    public string? AgainstProtecting(AdoptionCase adoption, GuestDefinition found, HostSession me)
    {
        if (!AdoptionCase.Runs(found) || adoption.Request.Override.Length > 0)
            return null;
        var group = adoption.Request.Group;
        var supposed = new Hypothesis(state.View)
            .Put(new StoreKey.Group(group), adoption.Spec(found))
            .Put(new StoreKey.Ownership(group), adoption.Own(found, me, new Epoch(1), state.View.Incarnation));
        // Until now its memory was counted among what is not protected.
        if (state.View.Loads.GetValueOrDefault(me.Host)?.Value is { } load)
            supposed.Put(new StoreKey.Load(me.Host), load with { UsedMiB = Math.Max(0, load.UsedMiB - found.MemoryMiB) });
        return Against(supposed.View);
    }

    public string? AgainstMoving(GroupId group, OwnershipRecord own, HostId target) => Against(new Hypothesis(state.View)
        .Put(new StoreKey.Ownership(group), own with { Phase = new OwnershipPhase.Assigned(target) }).View);

    public string? AgainstMaintenance(HostId host, HostConfig next) =>
        Against(Supposed.InMaintenance(state.View, host, next, Unfit).After);

    private string? Unfit(HostId host) =>
        host != state.Self && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now) ? "it is silent" : null;
}
