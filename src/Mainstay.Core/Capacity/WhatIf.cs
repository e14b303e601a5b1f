using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Capacity;

/// <summary>What would follow, by the decisions that would be taken. Nothing is touched.</summary>
/// <param name="Plan">What would run where, and what would not.</param>
/// <param name="Before">Whether further losses are survived now.</param>
/// <param name="After">Whether they would be then.</param>
/// <param name="HeadroomBeforeMiB">The largest guest that fits now with every loss still survived, in MiB; 0 when none does.</param>
/// <param name="HeadroomAfterMiB">The same, then.</param>
public sealed record WhatIf(LossPlan Plan, CapacityBoard Before, CapacityBoard After, long HeadroomBeforeMiB, long HeadroomAfterMiB)
{
    /// <summary>The name of a guest that is only supposed.</summary>
    public static readonly GroupId NewGuest = new("(new guest)");

    /// <param name="view">The cluster as it is.</param>
    /// <param name="unfit">Why a host cannot take guests although it is online; null when it can.</param>
    /// <param name="what">What is supposed. Its hosts are members: see <see cref="Against"/>.</param>
    public static WhatIf Of(ClusterView view, Func<HostId, string?> unfit, WhatIfCase what)
    {
        var (plan, after) = Follow(view, unfit, what);
        return new WhatIf(
            plan, CapacityBoard.Of(view, unfit), CapacityBoard.Of(after, unfit), Headroom(view, unfit), Headroom(after, unfit));
    }

    /// <summary>Why it cannot be supposed of this cluster; null when it can.</summary>
    public static string? Against(ClusterView view, WhatIfCase what)
    {
        HostId[] hosts = what switch
        {
            WhatIfCase.Fail fail => [.. fail.Hosts],
            WhatIfCase.Maintenance maintenance => [maintenance.Host],
            WhatIfCase.Remove remove => [remove.Host],
            WhatIfCase.AddGuest => [],
        };
        return hosts.Where(host => !view.Hosts.ContainsKey(host)).Select(host => host.Name).FirstOrDefault() is { } unknown
            ? $"there is no host named {unknown}; hosts: {string.Join(", ", view.Hosts.Keys)}"
            : null;
    }

    private static (LossPlan Plan, ClusterView After) Follow(ClusterView view, Func<HostId, string?> unfit, WhatIfCase what) => what switch
    {
        WhatIfCase.Fail fail => Lost(view, unfit, fail.Hosts),
        WhatIfCase.Maintenance m => Supposed.InMaintenance(
            view, m.Host, view.Hosts[m.Host].Value with { Maintenance = true, Draining = true }, unfit),
        WhatIfCase.Remove remove => Supposed.WithoutHost(view, remove.Host, unfit),
        WhatIfCase.AddGuest guest => Added(view, unfit, guest.MemoryMiB),
    };

    private static (LossPlan Plan, ClusterView After) Lost(ClusterView view, Func<HostId, string?> unfit, ValueList<HostId> hosts)
    {
        var (plan, after) = new LossPlanner(view, unfit).Follow(LossCase.AtOnce(string.Join(" and ", hosts), hosts));
        var without = new Hypothesis(after);
        foreach (var host in hosts)
            without.Delete(new StoreKey.Session(host));
        return (plan, without.View);
    }

    private static (LossPlan Plan, ClusterView After) Added(ClusterView view, Func<HostId, string?> unfit, long memoryMiB)
    {
        var spec = new GroupSpec("", "", memoryMiB, DesiredState.Running, "what if", false, GuestShutdownPolicy.StayDown, false, null);
        var own = new OwnershipRecord(new Epoch(1), new OwnershipPhase.Free(), "what if", []) { Incarnation = view.Incarnation };
        var supposed = new Hypothesis(view).Put(new StoreKey.Group(NewGuest), spec).Put(new StoreKey.Ownership(NewGuest), own).View;
        return new LossPlanner(supposed, unfit).Follow(LossCase.AtOnce("nothing", []));
    }

    /// <summary>
    /// The largest guest that fits with every loss still survived, in MiB and to half a percent of the largest host; 0 when none does.
    /// </summary>
    public static long Headroom(ClusterView view, Func<HostId, string?> unfit)
    {
        var (fits, tooMuch) = (0L, 1 + view.Loads.Values.Select(load => load.Value.MemoryMiB).DefaultIfEmpty(0).Max());
        // To half a percent of the largest host: each look is a plan for every loss.
        var step = Math.Max(1, tooMuch / 200);
        while (tooMuch - fits > step)
        {
            var middle = fits + ((tooMuch - fits) / 2);
            var (plan, after) = Added(view, unfit, middle);
            if (plan.Stranded.IsEmpty && !CapacityBoard.Of(after, unfit).Stranded.Any())
                fits = middle;
            else
                tooMuch = middle;
        }

        return fits;
    }
}
