using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Capacity;

/// <summary>What the cluster would be after something that a person may do.</summary>
internal static class Supposed
{
    /// <summary>A host in maintenance, with its guests moved away if it is drained. Those without a place elsewhere stay.</summary>
    public static (LossPlan Plan, ClusterView After) InMaintenance(
        ClusterView view, HostId host, HostConfig next, Func<HostId, string?> unfit)
    {
        var supposed = new Hypothesis(view).Put(new StoreKey.Host(host), next).View;
        var leaving = LossCase.AtOnce(host.Name, next.Draining ? [host] : []);
        return new LossPlanner(supposed, unfit).Follow(leaving);
    }

    /// <summary>A host that has left for good.</summary>
    public static (LossPlan Plan, ClusterView After) WithoutHost(ClusterView view, HostId host, Func<HostId, string?> unfit)
    {
        var (plan, after) = new LossPlanner(view, unfit).Follow(LossCase.AtOnce(host.Name, [host]));
        return (plan, new Hypothesis(after).Delete(new StoreKey.Session(host)).Delete(new StoreKey.Host(host)).View);
    }
}
