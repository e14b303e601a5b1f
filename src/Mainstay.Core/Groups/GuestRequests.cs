using Mainstay.Core.Capacity;
using Mainstay.Core.Facts;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;
using Mainstay.Core.Recovery;
using Mainstay.Core.Restoration;

namespace Mainstay.Core.Groups;

/// <summary>Requests about one protected guest: give back, start, stop, move.</summary>
internal sealed class GuestRequests(
    NodeState state,
    OperationLedger ledger,
    LocalGuests local,
    StampActs stamps,
    LoadPublisher load,
    CapacityGate capacity,
    Action<OperationId, AdminReply> answer,
    Action<OperationId, StoreTransaction, string, Action, Action?> writeOrElse)
{
    /// <summary>
    /// What its beacon does in isolation, and which proofs count, was fixed at the claim (S2): both count from the next one.
    /// </summary>
    public void SetPolicy(OperationId operation, AdminRequest.SetPolicy request)
    {
        if (Find(operation, request.Group) is not { } own)
            return;
        HostId[] hosts = [.. state.View.Hosts.Keys.Where(host => !state.View.IsWitness(host))];
        if (request.Prefers?.Except(hosts).ToArray() is [var unknown, ..])
        {
            Refuse(operation, $"{unknown} is no host that runs guests; hosts: {string.Join(", ", hosts)}");
            return;
        }

        var (key, ownKey) = (new StoreKey.Group(request.Group), new StoreKey.Ownership(request.Group));
        var spec = state.View.Groups[request.Group].Value;
        var next = spec with
        {
            OnGuestShutdown = request.OnGuestShutdown ?? spec.OnGuestShutdown,
            OnIsolation = request.OnIsolation ?? spec.OnIsolation,
            StorageProof = request.StorageProof ?? spec.StorageProof,
            OnRepeatedLoss = request.OnRepeatedLoss ?? spec.OnRepeatedLoss,
            Tier = request.Tier ?? spec.Tier,
            Yields = request.Yields ?? spec.Yields,
            Prefers = request.Prefers ?? spec.Prefers,
            Failback = request.Failback ?? spec.Failback,
            RecoveryBudget = request.RecoveryBudget is { } budget ? budget > TimeSpan.Zero ? budget : null : spec.RecoveryBudget,
        };
        var later = OwnershipRules.OwnerOf(own) is not null
            && (own.OnIsolation, own.StorageProof) != (next.OnIsolation, next.StorageProof);
        var released = next.OnRepeatedLoss == RepeatedLossPolicy.Restart && LossJudge.IsHeld(own);
        var (guards, changes) = (new List<Guard> { state.GuardOf(key) }, new List<Change> { new Change.Put(key, next) });
        if (released)
        {
            guards.Add(state.GuardOf(ownKey));
            var free = own with { Phase = new OwnershipPhase.Free(), Why = "released by its policy", Losses = [] };
            changes.Add(new Change.Put(ownKey, free));
        }

        var more = released ? "; it is held back no longer"
            : later ? "; in isolation and after a storage proof the old ones count until it is claimed anew, by "
                + $"mainstay move {request.Group} or by stop and start"
            : "";
        Write(operation, new StoreTransaction(guards.ToValueList(), changes.ToValueList()),
            $"the policies of {request.Group} are changed{more}",
            () => state.Report(new Fact.SettingChanged($"policies of {request.Group}")));
    }

    public void Release(OperationId operation, AdminRequest.Release request) => Release(operation, request, again: true);

    private void Release(OperationId operation, AdminRequest.Release request, bool again)
    {
        if (Find(operation, request.Group) is not { } own)
            return;
        var guest = local.Of(request.Group);
        var owner = OwnershipRules.OwnerOf(own);
        if (owner is not null && owner != state.Me)
            Refuse(operation, $"{request.Group} is owned by {owner.Value.Host}; ask there "
                + $"(mainstay release does so by itself while {owner.Value.Host} answers)");
        else if (own.Phase is OwnershipPhase.Assigned or OwnershipPhase.Releasing or OwnershipPhase.Migrating || guest.IsActing)
            Refuse(operation, $"{request.Group} is being started, stopped or moved; ask again when it is settled");
        else
            GiveBack(
                operation, request.Group, state.View.Groups[request.Group].Value,
                again ? () => Release(operation, request, again: false) : null);
    }

    public void Start(OperationId operation, AdminRequest.Start request)
    {
        if (Find(operation, request.Group) is not { } own || !CanTarget(operation, request.On) || !IsArmed(operation))
            return;
        var (spec, owner) = (state.View.Groups[request.Group].Value, OwnershipRules.OwnerOf(own));
        if (owner is { } at && spec.Desired == DesiredState.Running)
        {
            if (request.On is null || request.On == at.Host)
                answer(operation, new AdminReply.Accepted($"{request.Group} already belongs to {at.Host} and is to run there"));
            else
                Refuse(operation, $"{request.Group} already belongs to {at.Host}; use mainstay move {request.Group} {request.On}");
            return;
        }

        var next = spec with { Desired = DesiredState.Running, DesiredBy = "start requested", ForceStop = false };
        next = next with { PreferredHost = request.On };
        var (key, ownKey) = (new StoreKey.Group(request.Group), new StoreKey.Ownership(request.Group));
        var changes = new List<Change> { new Change.Put(key, next) };
        if (own.Phase is OwnershipPhase.Free or OwnershipPhase.Blocked)
            changes.Add(new Change.Put(ownKey, own with
            {
                Phase = new OwnershipPhase.Free(), Why = "start requested", Failures = [], Losses = [], KeptFor = null,
                TakesOver = request.TakesOver,
            }));
        var transaction = new StoreTransaction([state.GuardOf(key), state.GuardOf(ownKey)], changes.ToValueList());
        var full = capacity.Against(new Hypothesis(state.View).Apply(transaction).View);
        if (full is not null && request.Override.Length == 0)
            Refuse(operation, full);
        else
            Write(operation, transaction, $"{request.Group} will be started{(request.On is { } on ? $" on {on}, if it can" : "")}",
                () => Overridden("start", request.Group, request.Override, full));
    }

    public void Stop(OperationId operation, AdminRequest.Stop request)
    {
        if (Find(operation, request.Group) is null)
            return;
        var (key, spec) = (new StoreKey.Group(request.Group), state.View.Groups[request.Group].Value);
        var next = spec with { Desired = DesiredState.Stopped, DesiredBy = "stop requested", ForceStop = request.Force };
        Write(operation, new StoreTransaction([state.GuardOf(key)], [new Change.Put(key, next)]),
            $"{request.Group} will be stopped{(request.Force ? " at once" : " in order")}", () => { });
    }

    public void Move(OperationId operation, AdminRequest.Move request) => Move(operation, request, again: true);

    // What changed meanwhile may only be that its owner has seen it run: once more, by what is known then.
    private void Move(OperationId operation, AdminRequest.Move request, bool again)
    {
        if (Find(operation, request.Group) is not { } own || !CanTarget(operation, request.To) || !IsArmed(operation))
            return;
        var spec = state.View.Groups[request.Group].Value;
        if (own.Phase is not OwnershipPhase.Claimed claimed || spec.Desired != DesiredState.Running)
        {
            Refuse(operation, $"{request.Group} does not run now ({own.Phase.Name}); "
                + $"use mainstay start {request.Group}{(request.To is { } h ? $" --on {h}" : "")}");
            return;
        }

        if (request.To == claimed.Owner.Host)
        {
            Refuse(operation, $"{request.Group} already runs on {request.To}");
            return;
        }

        var wished = spec with { PreferredHost = request.To };
        var decision = new Placer(state.View, UnfitForMove(request.To))
            .Place(new PlacementWish(request.Group, wished, own, "move requested", claimed.Owner.Host));
        if (decision.Chosen is not { } target)
        {
            Refuse(operation, $"no host can take {request.Group}: "
                + string.Join("; ", decision.Considered.Select(c => $"{c.Host}: {c.Rejected}")));
            return;
        }

        var full = capacity.AgainstMoving(request.Group, own, target);
        if (full is not null && request.Override.Length == 0)
        {
            Refuse(operation, full);
            return;
        }

        // The leader places it once it is free, with a strong wish for the target: only one places, so no host is filled twice (S6).
        var key = new StoreKey.Group(request.Group);
        var transaction = OwnershipRules.Change(
            state, request.Group, OwnershipRules.Release(own, null, $"move to {target} requested"), state.GuardOf(key));
        Write(operation, transaction with { Changes = transaction.Changes.Add(new Change.Put(key, spec with { PreferredHost = target })) },
            $"{request.Group} will be stopped on {claimed.Owner.Host} and started on {target}",
            () => Overridden("move", request.Group, request.Override, full),
            again ? () => Move(operation, request, again: false) : null);
    }

    private void Overridden(string what, GroupId group, string reason, string? full)
    {
        if (full is not null)
            state.Report(new Fact.SettingChanged($"{what} of {group} takes room that is kept for a loss (override: {reason})"));
    }

    private Func<HostId, string?> UnfitForMove(HostId? only) => host =>
        only is not null && host != only ? $"the move names {only}"
        : host != state.Self && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now) ? "it is silent"
        : null;

    private void GiveBack(OperationId operation, GroupId group, GroupSpec spec, Action? again)
    {
        var (key, ownKey) = (new StoreKey.Group(group), new StoreKey.Ownership(group));
        // S3: the store may have been put back in time since, and the record come out of the backup as it is known here.
        var transaction = new StoreTransaction(
            [state.GuardOf(key), state.GuardOf(ownKey), state.GuardOf(new StoreKey.Cluster())],
            [
                new Change.Delete(key), new Change.Delete(ownKey), new Change.Delete(new StoreKey.Decision(group)),
                new Change.Delete(new StoreKey.Recovery(group)),
            ]);
        var keeps = local.Of(group).IsAlive ? spec.HostMemoryMiB : 0;
        Write(operation, load.With(transaction, keeps), $"{group} is no longer protected; libvirt has it as before", () =>
        {
            load.OnGivenBack(keeps);
            state.Report(new Fact.GroupReleased(group));
            stamps.Remove(group, spec.Definition);
            ledger.Ask(op => new NodeEffect.RevokeToken(op, group, spec.Uuid), _ => { });
            if (spec.WasAutostart)
                ledger.Ask(op => new NodeEffect.SetAutostart(op, group, spec.Uuid, true), _ => { });
        }, again);
    }

    private OwnershipRecord? Find(OperationId operation, GroupId group)
    {
        if (!state.View.Groups.ContainsKey(group) || !state.View.Ownerships.TryGetValue(group, out var own))
            Refuse(operation, $"{group} is not protected; see mainstay status, or mainstay protect {group}");
        else if (state.View.IsSuspended(group))
            Refuse(operation, $"{group} is suspended since the store was restored: {RestoreRules.BeforeStart(state.View, group)}; "
                + "see mainstay status");
        else
            return own.Value;
        return null;
    }

    private bool CanTarget(OperationId operation, HostId? host)
    {
        if (host is not { } target)
            return true;
        if (!state.View.Hosts.ContainsKey(target))
            Refuse(operation, $"there is no host named {target}; hosts: {string.Join(", ", state.View.Hosts.Keys)}");
        else if (state.View.IsWitness(target))
            Refuse(operation, $"{target} is a witness: it runs no guests. Name a host, or none to let the cluster choose");
        else if (state.View.OnlineSession(target) is null)
            Refuse(operation, $"{target} is not online; see mainstay status");
        else
            return true;
        return false;
    }

    private bool IsArmed(OperationId operation)
    {
        if (state.View.Armed)
            return true;
        Refuse(operation, $"the cluster is disarmed ({state.View.Settings?.Value.DisarmReason}); run mainstay arm first");
        return false;
    }

    private void Write(OperationId operation, StoreTransaction transaction, string what, Action applied, Action? again = null) =>
        writeOrElse(operation, transaction, what, applied, again);

    private void Refuse(OperationId operation, string why) => answer(operation, new AdminReply.Refused(why));
}
