using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;

namespace Mainstay.Core.Capacity;

/// <summary>
/// Places the guests of lost hosts as the leader would, on a view of the cluster in which they are lost. The plan is kept as a certificate
/// that the loss is survived; when the loss happens, the decision is made anew on what is then.
/// </summary>
internal static class LossPlanner
{
    /// <param name="view">The cluster as it is, or as it would be.</param>
    /// <param name="loss">What is lost.</param>
    /// <param name="unfit">Why a host cannot take guests although it is online; null when it can.</param>
    public static LossPlan Plan(ClusterView view, LossCase loss, Func<HostId, string?> unfit) => Follow(view, loss, unfit).Plan;

    /// <summary>The plan, and the cluster when it was carried out.</summary>
    public static (LossPlan Plan, ClusterView After) Follow(ClusterView view, LossCase loss, Func<HostId, string?> unfit)
    {
        var supposed = new Hypothesis(view);
        var (gone, starts, proven) = (new SortedSet<HostId>(), new List<PlannedStart>(), true);
        ValueList<StrandedGuest> stranded = [];
        // Those that wait for a place get theirs before anything is lost.
        foreach (var step in Wishes(view, gone).Any() ? loss.Steps.Prepend([]) : loss.Steps)
        {
            gone.UnionWith(step);
            var placer = new Placer(supposed.View, host => gone.Contains(host) ? "it is lost" : unfit(host));
            PlacementWish[] wishes = [.. Wishes(supposed.View, gone)];
            var decisions = placer.Place(wishes);
            proven &= placer.IsProven;
            stranded = wishes.Zip(decisions).Where(d => d.Second.Chosen is null)
                .Select(d => new StrandedGuest(d.First.Group, Reasons(d.Second, gone))).ToValueList();
            foreach (var (wish, decision) in wishes.Zip(decisions))
            {
                if (decision.Chosen is not { } host)
                    continue;
                starts.Add(new PlannedStart(wish.Group, wish.NotOn, host));
                supposed.Put(
                    new StoreKey.Ownership(wish.Group),
                    wish.Own with { Epoch = wish.Own.Epoch.Next, Phase = new OwnershipPhase.Assigned(host) });
            }
        }

        var verdict = stranded.IsEmpty ? LossVerdict.Survived : proven ? LossVerdict.NotSurvived : LossVerdict.NotProven;
        return (new LossPlan(loss, verdict, starts.ToValueList(), stranded), supposed.View);
    }

    /// <summary>Those that wait for a place already, and those of lost hosts.</summary>
    private static IEnumerable<PlacementWish> Wishes(ClusterView view, SortedSet<HostId> gone)
    {
        foreach (var (group, stored) in view.Ownerships)
        {
            var own = stored.Value;
            if (view.IsSuspended(group) || view.Groups.GetValueOrDefault(group)?.Value is not { Desired: DesiredState.Running } spec)
                continue;
            if (own is { Phase: OwnershipPhase.Free, KeptFor: null })
                yield return new PlacementWish(group, spec, own, "what if");
            else if (OwnershipRules.PlaceOf(own) is { } host && gone.Contains(host))
                yield return new PlacementWish(group, spec, own, "what if", host);
        }
    }

    private static string Reasons(PlacementDecision decision, SortedSet<HostId> gone)
    {
        var left = decision.Considered.Where(host => host.Rejected is not null && !gone.Contains(host.Host)).ToArray();
        return left.Length == 0 ? "no host is left" : string.Join("; ", left.Select(host => $"{host.Host}: {host.Rejected}"));
    }
}
