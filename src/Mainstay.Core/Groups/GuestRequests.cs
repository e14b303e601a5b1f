using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Groups;

/// <summary>Requests about one guest: adopt, give back, start, stop, move.</summary>
internal sealed class GuestRequests(
    NodeState state,
    OperationLedger ledger,
    LocalGuests local,
    Action<OperationId, AdminReply> answer,
    Action<OperationId, StoreTransaction, string, Action, Action?> writeOrElse)
{
    private const int AdoptionTries = 5;

    public void Protect(OperationId operation, AdminRequest.Protect request)
    {
        if (state.View.Groups.ContainsKey(request.Group))
            Refuse(operation, $"{request.Group} is already protected");
        else if (state.View.IsWitness(state.Self))
            Refuse(operation, $"{state.Self} is a witness: it runs no guests. Protect {request.Group} on the host where it runs");
        else if (state.Me is null)
            Refuse(operation, $"{state.Self} is not a member at the moment; see mainstay status");
        else if (state.Leaving is not null)
            Refuse(operation, $"{state.Self} is being shut down; protect it where it runs afterwards");
        else
            ledger.Ask(op => new NodeEffect.ReadDefinition(op, request.Group), input => Adopt(operation, request, input, AdoptionTries));
    }

    /// <summary>What its beacon does in isolation was fixed at the claim, and the lease proof goes by that (S2): it counts from the
    /// next one.</summary>
    public void SetPolicy(OperationId operation, AdminRequest.SetPolicy request)
    {
        if (Find(operation, request.Group) is not { } own)
            return;
        var (key, spec) = (new StoreKey.Group(request.Group), state.View.Groups[request.Group].Value);
        var next = spec with { OnGuestShutdown = request.OnGuestShutdown ?? spec.OnGuestShutdown };
        next = next with { OnIsolation = request.OnIsolation ?? spec.OnIsolation };
        var later = OwnershipRules.OwnerOf(own) is not null && own.OnIsolation != next.OnIsolation;
        Write(operation, new StoreTransaction([state.GuardOf(key)], [new Change.Put(key, next)]),
            later
                ? $"the policies of {request.Group} are changed; in isolation the old one counts until it is claimed anew, by "
                    + $"mainstay move {request.Group} or by stop and start"
                : $"the policies of {request.Group} are changed",
            () => state.Report(new Fact.SettingChanged($"policies of {request.Group}")));
    }

    public void Release(OperationId operation, AdminRequest.Release request)
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
            GiveBack(operation, request.Group, state.View.Groups[request.Group].Value);
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
            }));
        Write(operation, new StoreTransaction([state.GuardOf(key), state.GuardOf(ownKey)], changes.ToValueList()),
            $"{request.Group} will be started{(request.On is { } on ? $" on {on}, if it can" : "")}", () => { });
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

    public void Move(OperationId operation, AdminRequest.Move request)
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
        var decision = new Placer(state.View, UnfitForMove(request.To)).Place(wished, own, "move requested", claimed.Owner.Host);
        if (decision.Chosen is not { } target)
        {
            Refuse(operation, $"no host can take {request.Group}: "
                + string.Join("; ", decision.Considered.Select(c => $"{c.Host}: {c.Rejected}")));
            return;
        }

        // The leader places it once it is free, with a strong wish for the target: only one places, so no host is filled twice (S6).
        var key = new StoreKey.Group(request.Group);
        var transaction = OwnershipRules.Change(
            state, request.Group, OwnershipRules.Release(own, null, $"move to {target} requested"), state.GuardOf(key));
        Write(operation, transaction with { Changes = transaction.Changes.Add(new Change.Put(key, spec with { PreferredHost = target })) },
            $"{request.Group} will be stopped on {claimed.Owner.Host} and started on {target}", () => { });
    }

    private Func<HostId, string?> UnfitForMove(HostId? only) => host =>
        only is not null && host != only ? $"the move names {only}"
        : host != state.Self && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now) ? "it is silent"
        : null;

    private void Adopt(OperationId operation, AdminRequest.Protect request, NodeInput input, int tries)
    {
        if (input is not NodeInput.DefinitionRead { Definition: Observed<GuestDefinition?>.Known known })
        {
            answer(operation, new AdminReply.Unknown($"libvirt on {state.Self} does not answer; nothing was changed"));
            return;
        }

        if (known.Value is not { } found || state.Me is not { } me)
        {
            Refuse(operation, $"{state.Self} has no domain named {request.Group}; see virsh list --all");
            return;
        }

        // S2: a claim beside the end of this session could apply with it.
        if (ledger.IsBusy(new StoreKey.Session(state.Self)))
        {
            AdoptLater(operation, request, input, tries);
            return;
        }

        if (state.View.Groups.FirstOrDefault(g => g.Value.Value.Uuid == found.Uuid) is { Value: not null } twin)
        {
            Refuse(operation, $"the domain's UUID {found.Uuid} is already protected as {twin.Key}; "
                + "a copied definition needs a UUID of its own");
            return;
        }

        if (local.Of(request.Group).IsActing)
        {
            Refuse(operation, $"something is still being done to {request.Group} here from an earlier protection; ask again in a moment");
            return;
        }

        local.Adopt(request.Group, found.State);
        var runs = found.State is GuestRunState.Running or GuestRunState.Paused;
        var spec = Spec(request, found, runs);
        var own = new OwnershipRecord(
            new Epoch(1), runs ? new OwnershipPhase.Claimed(me) : new OwnershipPhase.Free(), $"protected on {state.Self}", [])
        {
            OnIsolation = request.OnIsolation,
            StorageProof = request.StorageProof,
        };
        var (key, ownKey) = (new StoreKey.Group(request.Group), new StoreKey.Ownership(request.Group));

        // The session's record may change while this is under way (a promise of its lease): that is no reason to bother anybody.
        void Commit() => writeOrElse(
            operation,
            new StoreTransaction(
                [state.GuardOf(key), state.GuardOf(ownKey), state.GuardOf(new StoreKey.Session(state.Self))],
                [new Change.Put(key, spec), new Change.Put(ownKey, own)]),
            $"{request.Group} is protected{(runs ? $", running on {state.Self}" : "; it is not running")}",
            () => Adopted(request.Group, spec, runs),
            tries > 1 && !state.View.Groups.ContainsKey(request.Group) ? () => Adopt(operation, request, input, tries - 1) : null);
        if (runs)
            AnswerFor(operation, request.Group, spec, me, Commit);
        else
            Commit();
    }

    private void AdoptLater(OperationId operation, AdminRequest.Protect request, NodeInput input, int tries)
    {
        if (tries <= 1)
        {
            Refuse(operation, $"the session of {state.Self} is changing; ask again in a moment");
            return;
        }

        ledger.Ask(
            op => new NodeEffect.ReadStore(op, [new StoreKey.Session(state.Self)]), _ => Adopt(operation, request, input, tries - 1));
    }

    private static GroupSpec Spec(AdminRequest.Protect request, GuestDefinition found, bool runs) => new(
        found.Uuid,
        found.Xml,
        found.MemoryMiB,
        runs ? DesiredState.Running : DesiredState.Stopped,
        runs ? "it ran when it was protected" : "it did not run when it was protected",
        false,
        request.OnGuestShutdown,
        found.Autostart,
        null)
    {
        OnIsolation = request.OnIsolation,
        StorageProof = request.StorageProof,
        Disks = found.Disks,
        OnRepeatedLoss = request.OnRepeatedLoss,
    };

    // The lease covers a guest from the moment it is owned: the beacon must know it before.
    private void AnswerFor(OperationId operation, GroupId group, GroupSpec spec, HostSession me, Action then) =>
        ledger.Ask(op => new NodeEffect.ArmToken(op, group, spec.Uuid, new Epoch(1), me.Session, spec.OnIsolation), input =>
        {
            if (input is NodeInput.TokenArmed { Accepted: true })
                then();
            else
                answer(operation, new AdminReply.Unknown($"the beacon of {state.Self} does not take it on; nothing was changed"));
        });

    private void Adopted(GroupId group, GroupSpec spec, bool runs)
    {
        state.Report(new Fact.GroupProtected(group, runs ? state.Self : null));
        ledger.Ask(op => new NodeEffect.SetAutostart(op, group, spec.Uuid, false), _ => { });
        local.WantInventory();
    }

    private void GiveBack(OperationId operation, GroupId group, GroupSpec spec)
    {
        var (key, ownKey) = (new StoreKey.Group(group), new StoreKey.Ownership(group));
        var transaction = new StoreTransaction(
            [state.GuardOf(key), state.GuardOf(ownKey)],
            [new Change.Delete(key), new Change.Delete(ownKey), new Change.Delete(new StoreKey.Decision(group))]);
        Write(operation, transaction, $"{group} is no longer protected; libvirt has it as before", () =>
        {
            state.Report(new Fact.GroupReleased(group));
            ledger.Ask(op => new NodeEffect.RevokeToken(op, group, spec.Uuid), _ => { });
            if (spec.WasAutostart)
                ledger.Ask(op => new NodeEffect.SetAutostart(op, group, spec.Uuid, true), _ => { });
        });
    }

    private OwnershipRecord? Find(OperationId operation, GroupId group)
    {
        if (state.View.Groups.ContainsKey(group) && state.View.Ownerships.TryGetValue(group, out var own))
            return own.Value;
        Refuse(operation, $"{group} is not protected; see mainstay status, or mainstay protect {group}");
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

    private void Write(OperationId operation, StoreTransaction transaction, string what, Action applied) =>
        writeOrElse(operation, transaction, what, applied, null);

    private void Refuse(OperationId operation, string why) => answer(operation, new AdminReply.Refused(why));
}
