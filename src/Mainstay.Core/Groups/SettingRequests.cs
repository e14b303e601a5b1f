using Mainstay.Core.Facts;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Groups;

/// <summary>Requests about the cluster as a whole: whether it acts, how patient it is, for which losses room is kept, and how
/// many virtual processors share one.</summary>
internal sealed class SettingRequests(
    NodeState state, Action<OperationId, string> refuse, Action<OperationId, StoreTransaction, string, Action> write)
{
    public void Handle(OperationId operation, AdminRequest request)
    {
        if (request is AdminRequest.SetArmed armed)
            SetArmed(operation, armed);
        else if (request is AdminRequest.SetProfile profile)
            SetProfile(operation, profile);
        else if (request is AdminRequest.SetCapacity capacity)
            SetCapacity(operation, capacity);
        else if (request is AdminRequest.SetOvercommit overcommit)
            SetOvercommit(operation, overcommit);
    }

    private void SetArmed(OperationId operation, AdminRequest.SetArmed request)
    {
        if (!request.Armed && request.Reason.Length == 0)
        {
            refuse(operation, "a reason is needed to disarm; status shows it until the cluster is armed again");
            return;
        }

        var (key, settings) = (new StoreKey.Cluster(), state.View.Settings);
        if (settings is null)
        {
            refuse(operation, "the cluster has no settings; was it initialized?");
            return;
        }

        var next = settings.Value with { Armed = request.Armed, DisarmReason = request.Armed ? "" : request.Reason };
        write(operation, new StoreTransaction([state.GuardOf(key)], [new Change.Put(key, next)]),
            request.Armed ? "the cluster is armed" : "the cluster is disarmed: nothing is fenced, moved or restarted until mainstay arm",
            () => state.Report(request.Armed ? new Fact.Armed() : new Fact.Disarmed(request.Reason)));
    }

    private void SetProfile(OperationId operation, AdminRequest.SetProfile request)
    {
        var report = state.Hearing.Report;
        var own = new HostReading(state.Self, report.Loop, report.Lease.Watchdog);
        var against = ConfigurationCheck.AgainstProfile(new CheckInputs(state.View, request.Profile, null, [own]));
        var name = request.Profile.ToString().ToLowerInvariant();
        if (against.IsEmpty || request.Anyway)
            ChangeSettings(operation, s => s with { Profile = request.Profile }, $"profile is {name}");
        else
            refuse(operation, $"the profile {name} does not fit: "
                + string.Join("; ", against.Select(f => $"{f.Rule} {f.Subject?.Name}: {f.What} ({f.Value}); {f.Mend}"))
                + ". It endangers no guest, but may cost false alarms; --anyway sets it all the same");
    }

    private void SetCapacity(OperationId operation, AdminRequest.SetCapacity request)
    {
        var losses = request.HostLosses ?? state.View.Settings?.Value.Capacity.HostLosses ?? 0;
        if (losses is < 0 or > CapacityPolicy.MostLosses)
            refuse(operation, $"room can be kept for 0 to {CapacityPolicy.MostLosses} losses, not for {losses}");
        else
            ChangeSettings(
                operation,
                s => s with { Capacity = new CapacityPolicy(losses, request.Domains ?? s.Capacity.Domains) },
                Told(new CapacityPolicy(losses, request.Domains ?? state.View.Settings?.Value.Capacity.Domains ?? [])));
    }

    private void SetOvercommit(OperationId operation, AdminRequest.SetOvercommit request)
    {
        if (request.VcpusPerCpu is < 0 or > 1_000)
            refuse(operation, $"{request.VcpusPerCpu} virtual processors for each: give 0 (any number) to 1000");
        else
            ChangeSettings(operation, s => s with { VcpusPerCpu = request.VcpusPerCpu }, request.VcpusPerCpu == 0
                ? "virtual processors are not counted"
                : $"{request.VcpusPerCpu} virtual processors may share one of a host");
    }

    private static string Told(CapacityPolicy policy)
    {
        var hosts = policy.HostLosses switch
        {
            0 => "no loss of a host",
            1 => "1 host loss",
            var more => $"{more} host losses",
        };
        return $"room is kept for {hosts}{(policy.Domains.IsEmpty ? "" : $", and for any one {string.Join(" or ", policy.Domains)}")}";
    }

    private void ChangeSettings(OperationId operation, Func<ClusterSettings, ClusterSettings> change, string what)
    {
        var key = new StoreKey.Cluster();
        if (state.View.Settings is { } settings)
            write(operation, new StoreTransaction([state.GuardOf(key)], [new Change.Put(key, change(settings.Value))]), what,
                () => state.Report(new Fact.SettingChanged(what)));
        else
            refuse(operation, "the cluster has no settings; was it initialized?");
    }
}
