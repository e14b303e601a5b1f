using Mainstay.Core.Capacity;
using Mainstay.Core.Facts;
using Mainstay.Core.Health;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Recovery;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Groups;

/// <summary>
/// Turns requests into guarded transactions and answers them. A refusal says what was wrong and what to do, and changes nothing.
/// </summary>
internal sealed class AdminDuties
{
    private readonly NodeState state;
    private readonly RequestWrites writes;
    private readonly GuestRequests guests;
    private readonly Adoption adoption;
    private readonly HostRemoval removal;
    private readonly StorageRequests storages;
    private readonly QuarantineRequests quarantine;
    private readonly MaintenanceRequests maintenance;
    private readonly SettingRequests settings;
    private readonly RuleRequests rules;
    private readonly OrderRequests order;
    private readonly ApplicationRequests applications;

    public AdminDuties(NodeState state, OperationLedger ledger, LocalGuests local, StampActs stamps, LoadPublisher load)
    {
        this.state = state;
        writes = new RequestWrites(state, ledger);
        var capacity = new CapacityGate(state);
        guests = new GuestRequests(state, ledger, local, stamps, load, capacity, Answer, writes.Write);
        adoption = new Adoption(state, ledger, local, stamps, capacity, Answer, writes.Write);
        removal = new HostRemoval(state, ledger, Refuse, Write);
        storages = new StorageRequests(state, Refuse, Write);
        quarantine = new QuarantineRequests(state, Answer, Write);
        maintenance = new MaintenanceRequests(state, capacity, Refuse, Write);
        settings = new SettingRequests(state, Refuse, Write);
        rules = new RuleRequests(state, Refuse, Write);
        order = new OrderRequests(state, Refuse, Write);
        applications = new ApplicationRequests(state, capacity, Answer, Write);
    }

    /// <summary>Goes on with what takes more than one step.</summary>
    public void Run()
    {
        adoption.Run();
        writes.Run();
    }

    public void Handle(OperationId operation, AdminRequest request)
    {
        if (!state.View.Loaded)
            Answer(operation, new AdminReply.Unknown("this agent has not read the cluster's store yet; is etcd reachable?"));
        else if (state.View.Unreadable is { } unreadable)
            Refuse(operation, $"this agent cannot read all of the store ({unreadable}); ask on a host that runs a newer version");
        else if (state.StoreDoubt is { } doubt)
            Answer(operation, new AdminReply.Unknown($"the store was put back in time ({doubt}); ask again in a moment"));
        else if (!state.StoreReachable)
            Answer(operation, new AdminReply.Unknown("the cluster's store does not answer (no quorum?); nothing was changed"));
        else
            Dispatch(operation, request);
    }

    private void Dispatch(OperationId operation, AdminRequest request)
    {
        switch (request)
        {
            case AdminRequest.Protect or AdminRequest.SetPolicy or AdminRequest.Release or AdminRequest.Start or AdminRequest.Stop
                or AdminRequest.Move:
                DispatchOfGuest(operation, request);
                break;
            case AdminRequest.ConfirmDead r:
                ConfirmDead(operation, r);
                break;
            case AdminRequest.SetArmed or AdminRequest.SetProfile or AdminRequest.SetCapacity or AdminRequest.SetOvercommit:
                settings.Handle(operation, request);
                break;
            case AdminRequest.SetFenceMethod r:
                SetFenceMethod(operation, r);
                break;
            case AdminRequest.RemoveFenceMethod r:
                RemoveFenceMethod(operation, r);
                break;
            case AdminRequest.SetMaintenance r:
                maintenance.Set(operation, r);
                break;
            case AdminRequest.SetOrder or AdminRequest.RemoveOrder or AdminRequest.SetApplication or AdminRequest.RemoveApplication
                or AdminRequest.StartApplication or AdminRequest.StopApplication or AdminRequest.MoveApplication:
                Order(operation, request);
                break;
            case AdminRequest.SetStorage or AdminRequest.RemoveStorage:
                storages.Handle(operation, request);
                break;
            case AdminRequest.SetRule or AdminRequest.RemoveRule or AdminRequest.SetLabels:
                rules.Handle(operation, request);
                break;
            case AdminRequest.SetQuarantine r:
                quarantine.Set(operation, r);
                break;
            case AdminRequest.Leave r:
                Leave(operation, r);
                break;
            case AdminRequest.RemoveHost r:
                removal.Remove(operation, r);
                break;
        }
    }

    private void DispatchOfGuest(OperationId operation, AdminRequest request)
    {
        switch (request)
        {
            case AdminRequest.Protect r:
                adoption.Protect(operation, r);
                break;
            case AdminRequest.SetPolicy r:
                guests.SetPolicy(operation, r);
                break;
            case AdminRequest.Release r:
                guests.Release(operation, r);
                break;
            case AdminRequest.Start r:
                guests.Start(operation, r);
                break;
            case AdminRequest.Stop r:
                guests.Stop(operation, r);
                break;
            case AdminRequest.Move r:
                guests.Move(operation, r);
                break;
        }
    }

    private void ConfirmDead(OperationId operation, AdminRequest.ConfirmDead request)
    {
        var record = state.View.Sessions.GetValueOrDefault(request.Host)?.Value;
        if (record is null)
            Refuse(operation, $"there is no host named {request.Host}; hosts: {string.Join(", ", state.View.Hosts.Keys)}");
        else if (request.Reason.Length == 0)
            Refuse(operation, "a reason is needed; it is kept with the proof");
        else if (!state.Hearing.IsFresh(state.Now))
            Refuse(operation, $"the beacon of {state.Self} tells nothing now, so {request.Host} may be alive; ask on another host");
        else if (state.Hearing.AnybodyHears(request.Host, state.Timing.CommitAfter, state.Now) || request.Host == state.Self)
            Refuse(operation, $"{request.Host} is alive: it was heard a moment ago. Power it off first; "
                + "two copies of a guest destroy its disk");
        else if (state.Guards.VouchesForTheSessionSeen && request.Session is { } seen && seen != record.Session)
            Refuse(operation, $"{request.Host} has begun session {record.Session} since you looked, when it was {seen}: it came back. "
                + "Look again with mainstay status");
        else if (record.State is SessionState.Fenced or SessionState.Left && !state.View.Arrivals.ContainsKey(request.Host)
            && !LeaseRules.IsHalfProved(state.View, new HostSession(request.Host, record.Session)))
            Refuse(operation, $"session {record.Session} of {request.Host} is already {record.State.ToString().ToLowerInvariant()}");
        else
            RecordConfirmation(operation, request, record);
    }

    private void RecordConfirmation(OperationId operation, AdminRequest.ConfirmDead request, SessionRecord record)
    {
        var target = new HostSession(request.Host, record.Session);
        var (key, fenceKey) = (new StoreKey.Session(request.Host), new StoreKey.Fence(target));
        var proof = new Proof.Person($"{request.By} confirmed: {request.Reason}");
        var known = state.View.Fences.GetValueOrDefault(target)?.Value ?? new FenceRecord("confirmed by a person", []);
        var ended = record.State == SessionState.Left ? SessionState.Left : SessionState.Fenced;
        var transaction = new StoreTransaction(
            [state.GuardOf(key), state.GuardOf(fenceKey)],
            [
                new Change.Put(key, record with { State = ended, Incarnation = state.View.Incarnation }),
                new Change.Put(fenceKey, known with { Proofs = known.Proofs.Add(proof) }),
            ]);
        Write(operation, transaction, $"{request.Host} is recorded as dead", () =>
            state.Report(new Fact.HostFenced(target, proof.Kind, proof.Evidence)));
    }

    private void Leave(OperationId operation, AdminRequest.Leave request)
    {
        var key = new StoreKey.Session(state.Self);
        if (request.Host != state.Self)
            Refuse(operation, $"{request.Host} leaves by its own agent only; run mainstay leave there");
        else if (!state.IsMember || state.Me is not { } me)
            Refuse(operation, $"{state.Self} is not online in the cluster; see mainstay status");
        else if (state.Leaving is { } under)
            Answer(operation, new AdminReply.Accepted($"{state.Self} is leaving already ({under.ToString().ToLowerInvariant()})"));
        else
            Write(operation, new StoreTransaction(
                    [state.GuardOf(key)], [new Change.Put(key, state.View.Sessions[state.Self].Value with { Leaving = request.Policy })]),
                request.Policy == LeavePolicy.Move
                    ? $"{state.Self} is leaving: its guests go to other hosts"
                    : $"{state.Self} is leaving: its guests are shut down and start there again when it returns",
                () => state.Report(new Fact.LeaveBegan(me, request.Policy)));
    }

    private void Order(OperationId operation, AdminRequest request)
    {
        if (request is AdminRequest.SetOrder or AdminRequest.RemoveOrder)
            order.Handle(operation, request);
        else
            applications.Handle(operation, request);
    }

    private void SetFenceMethod(OperationId operation, AdminRequest.SetFenceMethod r)
    {
        if (state.View.IsWitness(r.Host))
            Refuse(operation, $"{r.Host} is a witness: it runs no guests, so its death has to be proved to nobody");
        else
            ChangeHost(operation, r.Host, h => h with { FenceMethods = Replace(h.FenceMethods, r.Method) },
                $"fence method {r.Method.Name} ({r.Method.Agent}) of {r.Host} is set");
    }

    private void RemoveFenceMethod(OperationId operation, AdminRequest.RemoveFenceMethod request)
    {
        var methods = state.View.Hosts.GetValueOrDefault(request.Host)?.Value.FenceMethods ?? [];
        if (state.View.Hosts.ContainsKey(request.Host) && methods.All(m => m.Name != request.Method))
            Refuse(operation, $"{request.Host} has no fence method named {request.Method}; "
                + $"it has: {string.Join(", ", methods.Select(m => m.Name))}");
        else
            ChangeHost(operation, request.Host,
                h => h with { FenceMethods = h.FenceMethods.Where(m => m.Name != request.Method).ToValueList() },
                $"fence method {request.Method} of {request.Host} is removed");
    }

    private static ValueList<FenceMethod> Replace(ValueList<FenceMethod> methods, FenceMethod method) =>
        methods.Where(m => m.Name != method.Name).Append(method).OrderBy(m => m.Name, StringComparer.Ordinal).ToValueList();

    private void ChangeHost(OperationId operation, HostId host, Func<HostConfig, HostConfig> change, string what)
    {
        var key = new StoreKey.Host(host);
        if (state.View.Hosts.TryGetValue(host, out var config))
            Write(operation, new StoreTransaction([state.GuardOf(key)], [new Change.Put(key, change(config.Value))]), what,
                () => state.Report(new Fact.SettingChanged(what)));
        else
            Refuse(operation, $"there is no host named {host}; hosts: {string.Join(", ", state.View.Hosts.Keys)}");
    }

    private void Write(OperationId operation, StoreTransaction transaction, string what, Action applied) =>
        writes.Write(operation, transaction, what, applied, null);

    private void Refuse(OperationId operation, string why) => writes.Answer(operation, new AdminReply.Refused(why));

    private void Answer(OperationId operation, AdminReply reply) => writes.Answer(operation, reply);
}
