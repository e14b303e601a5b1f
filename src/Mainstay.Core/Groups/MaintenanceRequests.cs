using Mainstay.Core.Capacity;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Placement;

namespace Mainstay.Core.Groups;

/// <summary>
/// A person takes a host out of the cluster's hands, with its guests or without. What would leave guests without a place, now or after
/// a loss that is to be survived, is refused, naming them: who insists says why, and guests without a place now stay where they are.
/// </summary>
internal sealed class MaintenanceRequests(
    NodeState state, CapacityGate capacity, Action<OperationId, string> refuse, Action<OperationId, StoreTransaction, string, Action> write)
{
    public void Set(OperationId operation, AdminRequest.SetMaintenance request)
    {
        var (host, key) = (request.Host, new StoreKey.Host(request.Host));
        if (!state.View.Hosts.TryGetValue(host, out var config))
        {
            refuse(operation, $"there is no host named {host}; hosts: {string.Join(", ", state.View.Hosts.Keys)}");
            return;
        }

        var drains = request is { On: true, Drain: true };
        if (drains && !state.View.Armed)
        {
            refuse(operation, $"the cluster is disarmed ({state.View.Settings?.Value.DisarmReason}): nothing is moved; "
                + "run mainstay arm first");
            return;
        }

        var homeless = drains ? DrainPlan.Of(state, host).Homeless : [];
        if (!homeless.IsEmpty && request.Override.Length == 0)
        {
            refuse(operation, $"{string.Join("; ", homeless)}. Make room, or say --override REASON: they stay on {host}, and a loss of it "
                + "in maintenance keeps them down");
            return;
        }

        var next = config.Value with { Maintenance = request.On, Draining = drains };
        if (request is { On: true, Override.Length: 0 } && capacity.AgainstMaintenance(host, next) is { } full)
        {
            refuse(operation, full);
            return;
        }

        write(operation, new StoreTransaction([state.GuardOf(key)], [new Change.Put(key, next)]), Told(request, homeless), () =>
            state.Report(new Fact.SettingChanged(Told(request, homeless))));
    }

    private static string Told(AdminRequest.SetMaintenance request, ValueList<string> homeless)
    {
        var drained = request is { On: true, Drain: true } ? "; its guests move to other hosts" : "";
        var stays = (homeless.IsEmpty ? "" : $", but {string.Join("; ", homeless)}")
            + (request.Override.Length > 0 ? $" (override: {request.Override})" : "");
        return $"maintenance of {request.Host} is {(request.On ? "on" : "off")}{drained}{stays}";
    }
}
