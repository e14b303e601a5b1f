using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Placement;

namespace Mainstay.Core.Capacity;

/// <summary>Whether the losses that are to be survived would be.</summary>
public enum CapacityStanding
{
    /// <summary>Each has a plan that gives every guest a place.</summary>
    Green,

    /// <summary>Not proven for all of them, or there are not hosts enough to lose so many.</summary>
    Amber,

    /// <summary>At least one would leave guests without a place.</summary>
    Red,
}

/// <summary>The plans for all losses that the cluster is to survive.</summary>
/// <param name="Why">One sentence: the worst of it.</param>
/// <param name="Plans">One per loss, in the order of the hosts' names.</param>
public sealed record CapacityBoard(CapacityPolicy Policy, CapacityStanding Standing, string Why, ValueList<LossPlan> Plans)
{
    private const int Named = 3;

    /// <param name="view">The cluster as it is, or as it would be.</param>
    /// <param name="unfit">Why a host cannot take guests although it is online; null when it can.</param>
    public static CapacityBoard Of(ClusterView view, Func<HostId, string?> unfit)
    {
        var policy = view.Settings?.Value.Capacity ?? CapacityPolicy.Default;
        HostId[] exposed = [.. view.Hosts.Keys.Where(host => IsExposed(view, host))];
        var losses = Math.Clamp(exposed.Length - 1, 0, policy.HostLosses);
        var planner = new LossPlanner(view, unfit);
        var plans = Orders(exposed, losses).Select(LossCase.OneAfterTheOther).Concat(Domains(view, policy, exposed))
            .Select(planner.Plan).ToValueList();
        var worst = plans.IsEmpty ? LossVerdict.Survived : plans.Max(plan => plan.Verdict);
        var standing = worst == LossVerdict.NotSurvived ? CapacityStanding.Red
            : worst == LossVerdict.NotProven || losses < policy.HostLosses ? CapacityStanding.Amber
            : CapacityStanding.Green;
        return new CapacityBoard(policy, standing, Tell(policy, worst, plans, exposed.Length), plans);
    }

    /// <summary>Guests that some loss would leave without a place.</summary>
    public IEnumerable<GroupId> Stranded => Plans.SelectMany(plan => plan.Stranded).Select(guest => guest.Group).Distinct().Order();

    /// <summary>"web", "web and db", "web, db, mail and 4 more".</summary>
    public static string Some(IEnumerable<GroupId> groups)
    {
        string[] all = [.. groups.Select(group => group.Name)];
        return all.Length switch
        {
            1 => all[0],
            <= Named => $"{string.Join(", ", all[..^1])} and {all[^1]}",
            _ => $"{string.Join(", ", all[..Named])} and {all.Length - Named} more",
        };
    }

    // Nobody fences a host in maintenance, so nobody takes its guests over; what is not online is lost already.
    private static bool IsExposed(ClusterView view, HostId host) =>
        view.OnlineSession(host) is not null && view.Hosts[host].Value is { Witness: false, Maintenance: false };

    // A domain with every host in it is the cluster: nobody survives that.
    private static IEnumerable<LossCase> Domains(ClusterView view, CapacityPolicy policy, HostId[] exposed) =>
        from kind in policy.Domains
        from domain in exposed.GroupBy(host => LabelOf(view, host, kind), StringComparer.Ordinal)
        where domain.Key.Length > 0 && domain.Count() > 1 && domain.Count() < exposed.Length
        orderby kind, domain.Key
        select LossCase.AtOnce($"{kind} {domain.Key}", domain);

    private static string LabelOf(ClusterView view, HostId host, string kind) =>
        view.Hosts[host].Value.Labels.FirstOrDefault(label => label.Key == kind).Value ?? "";

    private static IEnumerable<HostId[]> Orders(HostId[] hosts, int length) => length == 0
        ? []
        : length == 1
            ? hosts.Select(host => new[] { host })
            : Orders(hosts, length - 1).SelectMany(order => hosts.Except(order), (order, next) => (HostId[])[.. order, next]);

    private static string Tell(CapacityPolicy policy, LossVerdict worst, ValueList<LossPlan> plans, int hosts)
    {
        if (worst == LossVerdict.Survived)
            return policy.HostLosses == 0 ? "no loss has to be survived"
                : hosts <= policy.HostLosses
                    ? $"to survive {Losses(policy.HostLosses)} takes {policy.HostLosses + 1} hosts, and there {Hosts(hosts)}"
                : $"every guest has a place after {(policy.HostLosses == 1 ? "the loss of any host" : $"any {policy.HostLosses} losses")}";
        var of = plans.Where(plan => plan.Verdict == worst).ToArray();
        var found = worst == LossVerdict.NotSurvived ? "would have no place" : "may have no place (not proven)";
        var more = of.Length > 1 ? $"; {of.Length} of {plans.Count} losses are like that" : "";
        return $"after the loss of {of[0].Case.Name} {Some(of[0].Stranded.Select(guest => guest.Group))} {found}{more}";
    }

    private static string Losses(int count) => count == 1 ? "1 loss" : $"{count} losses";

    private static string Hosts(int count) => count == 1 ? "is 1" : $"are {count}";
}
