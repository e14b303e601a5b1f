using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;

namespace Mainstay.Core.Capacity;

/// <summary>
/// Places the guests of lost hosts as the leader would. The plan is kept as a certificate that the loss is survived; when the loss happens,
/// the decision is made anew on what is then. One planner answers for many losses of the same cluster.
/// </summary>
/// <param name="view">The cluster as it is, or as it would be.</param>
/// <param name="unfit">Why a host cannot take guests although it is online; null when it can.</param>
internal sealed class LossPlanner(ClusterView view, Func<HostId, string?> unfit)
{
    private readonly PlacementAtlas atlas = new(view, unfit);

    public LossPlan Plan(LossCase loss)
    {
        var answer = atlas.Lose(loss.Steps);
        var verdict = answer.Stranded.IsEmpty ? LossVerdict.Survived : answer.Proven ? LossVerdict.NotSurvived : LossVerdict.NotProven;
        return new LossPlan(
            loss,
            verdict,
            answer.Starts.Select(start => new PlannedStart(start.Group, start.From, start.To)).ToValueList(),
            answer.Stranded.Select(guest => new StrandedGuest(guest.Group, guest.Why)).ToValueList())
        {
            Stopped = answer.Stopped,
        };
    }

    /// <summary>The plan, and the cluster when it was carried out.</summary>
    public (LossPlan Plan, ClusterView After) Follow(LossCase loss)
    {
        var plan = Plan(loss);
        var after = new Hypothesis(view);
        foreach (var start in plan.Starts)
            Put(start.Group, new OwnershipPhase.Assigned(start.To));
        foreach (var group in plan.Stopped)
            Put(group, new OwnershipPhase.Free());
        return (plan, after.View);

        void Put(GroupId group, OwnershipPhase phase)
        {
            var own = after.View.Ownerships[group].Value;
            after.Put(new StoreKey.Ownership(group), own with { Epoch = own.Epoch.Next, Phase = phase });
        }
    }
}
