using Mainstay.Core.Facts;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Restoration;

namespace Mainstay.Core.Groups;

/// <summary>
/// Takes a host out of the cluster for good. With its session and its fence records goes all that could prove anything about it later, so
/// nothing may belong to it any more (S2): a session that is not proved dead stays, and a live host is removed by its own node only, which
/// knows of every claim it has under way. A witness claims nothing: any node removes it, alive or not.
/// </summary>
internal sealed class HostRemoval(
    NodeState state,
    OperationLedger ledger,
    Action<OperationId, string> refuse,
    Action<OperationId, StoreTransaction, string, Action> write)
{
    public void Remove(OperationId operation, AdminRequest.RemoveHost request)
    {
        if (Objection(request.Host, request.Undrained) is { } objection)
            refuse(operation, objection);
        else
            write(operation, Transaction(request.Host), $"{request.Host} is no member any more", () =>
                state.Report(new Fact.SettingChanged($"{request.Host} was taken out of the cluster")));
    }

    private string? Objection(HostId host, bool undrained)
    {
        if (!state.View.Hosts.TryGetValue(host, out var config))
            return $"there is no host named {host}; hosts: {string.Join(", ", state.View.Hosts.Keys)}";
        if (state.View.Ownerships.Keys.FirstOrDefault(state.View.IsSuspended) is { Name: not null } suspended)
            return $"the store was restored and nobody knows yet where {suspended} runs; see mainstay status";
        if (state.View.Hosts.Count == 1)
            return $"{host} is the only member; without it there is no cluster";
        if (config.Value.Witness)
            return null;
        if (state.View.Hosts.All(other => other.Key == host || other.Value.Value.Witness))
            return $"{host} is the only host; without it the cluster could run no guest";
        var session = state.View.Sessions.GetValueOrDefault(host)?.Value;
        var alive = session?.State == SessionState.Online;
        var halfProved = session is not null && LeaseRules.IsHalfProved(state.View, new HostSession(host, session.Session));
        if (session?.State == SessionState.Fencing || halfProved || (alive && host != state.Self))
            return $"the death of {host} is not proved; wait until it is fenced, vouch for it with mainstay confirm-dead {host}, "
                + "or remove it while it lives and its agent answers";
        if (state.View.Ownerships.FirstOrDefault(o => OwnershipRules.PlaceOf(o.Value.Value) == host) is { Value: not null } owned)
            return $"{owned.Key} still belongs to {host}; "
                + (alive ? $"move its guests away first (mainstay move {owned.Key})" : "ask again when its guests run elsewhere");
        if (!alive)
            return null;
        if (!config.Value.Maintenance && !undrained)
            return $"{host} is alive and may be given guests; drain it first: mainstay maintenance {host} on";
        return ledger.IsChangingOwnership
            ? "a guest is being taken over right now; ask again in a moment"
            : null;
    }

    // What it is cut off from stays written down: should it join again, it needs that back first.
    private StoreTransaction Transaction(HostId host)
    {
        var guards = new List<Guard> { state.GuardOf(new StoreKey.Host(host)), state.GuardOf(new StoreKey.Session(host)) };
        var changes = new List<Change> { new Change.Delete(new StoreKey.Host(host)) };
        StoreKey[] keys =
            [new StoreKey.Session(host), new StoreKey.Load(host), new StoreKey.Quarantine(host), new StoreKey.Arrival(host)];
        foreach (var key in keys)
        {
            if (state.View.RevisionOf(key) != 0)
                changes.Add(new Change.Delete(key));
        }

        var room = StoreTransaction.MaxChanges - changes.Count;
        foreach (var fence in state.View.Fences.Keys.Where(f => f.Host == host && !SpentRules.IsCutOff(state.View, f)).Take(room))
        {
            guards.Add(state.GuardOf(new StoreKey.Fence(fence)));
            changes.Add(new Change.Delete(new StoreKey.Fence(fence)));
        }

        return new StoreTransaction(guards.ToValueList(), changes.ToValueList());
    }
}
