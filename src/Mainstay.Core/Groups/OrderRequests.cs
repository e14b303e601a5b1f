using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;

namespace Mainstay.Core.Groups;

/// <summary>Requests about which group is started after which.</summary>
internal sealed class OrderRequests(
    NodeState state, Action<OperationId, string> refuse, Action<OperationId, StoreTransaction, string, Action> write)
{
    /// <summary>Groups that lie on the way of one dependency; as many are guarded against a change meanwhile.</summary>
    private const int MostInReach = 60;

    private static readonly TimeSpan MostDelay = TimeSpan.FromHours(24);

    public void Handle(OperationId operation, AdminRequest request)
    {
        if (request is AdminRequest.SetOrder set)
            Set(operation, set);
        else if (request is AdminRequest.RemoveOrder remove)
            Remove(operation, remove);
    }

    private void Set(OperationId operation, AdminRequest.SetOrder request)
    {
        var (group, edge) = (request.Group, request.Dependency);
        if (WhyNot(group, edge) is { } why)
        {
            refuse(operation, why);
            return;
        }

        var reach = StartGraph.Reach(state.View.Groups, edge.On);
        if (StartGraph.Path(state.View.Groups, edge.On, group) is { IsEmpty: false } path)
        {
            var way = string.Join(", which is started after ", path.AsEnumerable());
            refuse(operation, $"{group} cannot be started after {edge.On}: that would be a circle, for {way}; "
                + $"take one of these away first, such as mainstay order {path[^2]} --not-after {group}");
            return;
        }

        if (reach.Length > MostInReach)
        {
            refuse(operation,
                $"{edge.On} waits for {reach.Length - 1} other guests, and {MostInReach - 1} are the most; shorten the chain");
            return;
        }

        var (key, spec) = (new StoreKey.Group(group), state.View.Groups[group].Value);
        // Whoever lies on the way may not change meanwhile: two requests at once could make a circle.
        var guards = reach.Append(group).Distinct().Select(on => state.GuardOf(new StoreKey.Group(on))).ToValueList();
        var what = $"{group} is started after {edge.On} ({edge.GateText}), waits {StartDependency.Words(edge.Limit)} at most and then "
            + (edge.Then == OnLimit.Hold ? "is held" : "starts all the same");
        write(operation, new StoreTransaction(guards, [new Change.Put(key, spec with { Order = spec.Order.With(edge) })]), what,
            () => state.Report(new Fact.SettingChanged(what)));
    }

    private void Remove(OperationId operation, AdminRequest.RemoveOrder request)
    {
        var key = new StoreKey.Group(request.Group);
        if (!state.View.Groups.TryGetValue(request.Group, out var spec))
        {
            refuse(operation, Unprotected(request.Group));
        }
        else if (spec.Value.Order.After.All(edge => edge.On != request.On))
        {
            var others = spec.Value.Order.After.IsEmpty ? "nobody" : string.Join(", ", spec.Value.Order.After.Select(edge => edge.On));
            refuse(operation, $"{request.Group} does not wait for {request.On}; it waits for {others}");
        }
        else
        {
            var what = $"{request.Group} no longer waits for {request.On}";
            write(operation, new StoreTransaction(
                    [state.GuardOf(key)],
                    [new Change.Put(key, spec.Value with { Order = spec.Value.Order.Without(request.On) })]),
                what, () => state.Report(new Fact.SettingChanged(what)));
        }
    }

    /// <summary>The transaction that gives a group back, and takes it away from those that wait for it.</summary>
    public static StoreTransaction WithoutEdges(
        NodeState state, GroupId group, StoreTransaction givingBack, out ValueList<GroupId> waiting)
    {
        var (guards, changes, freed) = (new List<Guard>(givingBack.Guards), new List<Change>(givingBack.Changes), new List<GroupId>());
        foreach (var (other, spec) in state.View.Groups)
        {
            if (other == group || spec.Value.Order.After.All(edge => edge.On != group)
                || changes.Count >= StoreTransaction.MaxChanges - 2)
                continue;
            var key = new StoreKey.Group(other);
            guards.Add(state.GuardOf(key));
            changes.Add(new Change.Put(key, spec.Value with { Order = spec.Value.Order.Without(group) }));
            freed.Add(other);
        }

        waiting = freed.ToValueList();
        return new StoreTransaction(guards.ToValueList(), changes.ToValueList());
    }

    private string? WhyNot(GroupId group, StartDependency edge)
    {
        if (!state.View.Groups.TryGetValue(group, out var spec))
            return Unprotected(group);
        if (group == edge.On)
            return $"{group} cannot be started after itself; name another guest";
        if (!state.View.Groups.ContainsKey(edge.On))
            return Unprotected(edge.On);
        if (edge.Limit < StartDependency.LeastLimit || edge.Limit > StartDependency.MostLimit)
            return $"{group} cannot wait for {edge.Limit.TotalSeconds:0.#} s at most; give a limit from 1s to 24h";
        if (edge.Gate == StartGate.Delay && (edge.Delay <= TimeSpan.Zero || edge.Delay > MostDelay))
            return $"a delay of {edge.Delay.TotalSeconds:0.#} s is not possible; give one from 1s to 24h";
        if (edge.Gate == StartGate.Delay && edge.Delay >= edge.Limit)
            return $"a delay of {StartDependency.Words(edge.Delay)} would never be over within the limit of "
                + $"{StartDependency.Words(edge.Limit)}; give a longer one with --limit";
        if (edge.Gate == StartGate.Probe)
            return "there are no probes of applications yet; use the gate started, agent or delay=TIME";
        return spec.Value.Order.With(edge).After.Count > GroupOrder.MostDependencies
            ? $"{group} waits for {spec.Value.Order.After.Count} others already, and {GroupOrder.MostDependencies} are the most"
            : null;
    }

    private static string Unprotected(GroupId group) => $"{group} is not protected; see mainstay status, or mainstay protect {group}";
}
