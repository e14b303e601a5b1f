using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;

namespace Mainstay.Cli.Config;

/// <summary>Which guests have to wait for others from now on, and which no more.</summary>
internal static class OrderPlan
{
    public static IEnumerable<ConfigStep> Of(ClusterView view, WantedConfig wanted)
    {
        foreach (var wish in wanted.Guests)
        {
            if (wish.After is not { } edges)
                continue;
            var now = view.Groups[new GroupId(wish.Name)].Value.Order.After;
            foreach (var gone in now.Where(edge => edges.All(other => other.On != edge.On)))
                yield return ConfigPlan.Step(
                    ConfigTurn.OrderRemoved, [Change(wish.Name, gone.On, gone, null)], ApiPaths.OrderRemove,
                    new OrderRemoveRequest { Guest = wish.Name, After = gone.On.Name }, ApiJson.Default.OrderRemoveRequest);
            foreach (var edge in edges.Where(edge => !now.Contains(edge)))
                yield return ConfigPlan.Step(
                    ConfigTurn.Order, [Change(wish.Name, edge.On, now.FirstOrDefault(other => other.On == edge.On), edge)],
                    ApiPaths.Order, Request(wish.Name, edge), ApiJson.Default.OrderRequest);
        }
    }

    private static OrderRequest Request(string guest, StartDependency edge) => new()
    {
        Guest = guest,
        After = edge.On.Name,
        Gate = OrderCodec.Of(edge.Gate),
        DelaySeconds = edge.Delay.TotalSeconds,
        LimitSeconds = edge.Limit.TotalSeconds,
        Then = OrderCodec.Of(edge.Then),
    };

    private static ConfigChange Change(string guest, GroupId on, StartDependency? now, StartDependency? wanted) =>
        new($"guest {guest}", $"after {on}", Text(now), Text(wanted));

    private static string Text(StartDependency? edge) => edge is null
        ? ConfigChange.None
        : $"{edge.GateText}, at most {StartDependency.Words(edge.Limit)}, then {OrderCodec.Of(edge.Then)}";
}
