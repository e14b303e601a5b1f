using Mainstay.Core.Facts;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Times;

namespace Mainstay.Core.Recovery;

/// <summary>
/// The chains of effects on one local guest. Each keeps the order on which safety rests: claim, then start as <see cref="GuestStarts"/>
/// does; and revoke, stop, see it gone, confirm.
/// </summary>
internal sealed class GuestActs
{
    internal static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StopRetryAfter = TimeSpan.FromSeconds(2);

    private readonly NodeState state;
    private readonly OperationLedger ledger;
    private readonly LocalGuests guests;
    private readonly OwnerWrites owner;
    private readonly GuestStarts starts;
    private readonly OwnTimes times;

    public GuestActs(NodeState state, OperationLedger ledger, LocalGuests guests, StampActs stamps, OwnTimes times)
    {
        (this.state, this.ledger, this.guests, this.times) = (state, ledger, guests, times);
        owner = new OwnerWrites(state, ledger);
        starts = new GuestStarts(state, ledger, guests, stamps, owner, this);
    }

    public void Start(GroupId group, GroupSpec spec) => starts.Start(group, spec);

    public void Claim(GroupId group, GroupSpec spec, OwnershipRecord own)
    {
        if (state.Me is not { } me || !state.StoreReachable || ledger.IsBusy(new StoreKey.Session(state.Self)))
            return;
        var guest = Begin(group);
        var claimed = OwnershipRules.Claim(own, me, spec.OnIsolation, spec.StorageProof);
        ReadOnlySpan<Guard> inSession = state.Guards.ClaimNeedsSession ? [state.GuardOf(new StoreKey.Session(state.Self))] : [];
        ledger.Persist(OwnershipRules.Change(state, group, claimed, inSession), outcome =>
        {
            End(guest, TimeSpan.Zero);
            if (outcome is not StoreOutcome.Applied)
                return;
            guest.Reset();
            (guest.ClaimedHere, guest.MayBeLetGo) = (true, false);
            state.Report(new Fact.GroupClaimed(group, own.Epoch, me));
        });
    }

    /// <summary>Revoke, stop, see it gone, then confirm: only then may it run elsewhere (S2).</summary>
    public void StopAndConfirm(GroupId group, GroupSpec spec, HostId? next, string why, bool kept = false)
    {
        var guest = Begin(group);
        guest.StoppingSince ??= guest.HasRun ? state.Now : null;
        var mode = spec.ForceStop || guest.StopHard || !guest.IsAlive ? StopMode.Destroy : StopMode.Graceful;
        Revoke(group, spec, guest, () => Stop(group, spec, mode, guest, () =>
        {
            if (state.View.Ownerships.GetValueOrDefault(group)?.Value is not { } own || state.Me is not { } me
                || !OwnershipRules.IsOwner(own, me) || !state.StoreReachable)
            {
                End(guest, RetryAfter);
                return;
            }

            var goesOn = spec.Desired == DesiredState.Running && !kept;
            var took = goesOn ? times.Stopped(group, own, guest.StoppingSince) : null;
            owner.Confirm(group, OwnershipRules.Confirm(own, me, next, why, kept) with { Took = took }, guest, () => state.Report(
                kept ? new Fact.GuestKept(group, state.Self) : new Fact.GuestStopped(group, state.Self)));
        }));
    }

    /// <summary>
    /// Lets it go because the host is drained. S9: an agent that slept sees first what was asked long ago, so the store is asked whether it
    /// still is.
    /// </summary>
    public void Drain(GroupId group, GroupSpec spec, string why, Func<bool> isStillAsked)
    {
        if (!state.StoreReachable || state.Me is not { } me)
            return;
        var guest = Begin(group);
        ValueList<StoreKey> keys = [new StoreKey.Host(state.Self), new StoreKey.Ownership(group), new StoreKey.Cluster()];
        ledger.Ask(op => new NodeEffect.ReadStore(op, keys), input =>
        {
            End(guest, RetryAfter);
            if ((!state.Guards.AsksBeforeDraining || (state.TakeOver(input) && isStillAsked())) && state.Me == me
                && state.View.Ownerships.GetValueOrDefault(group)?.Value is { Phase: OwnershipPhase.Claimed } own
                && OwnershipRules.IsOwner(own, me))
                StopAndConfirm(group, spec, null, why);
        });
    }

    /// <summary>It could not be kept running here: the cluster decides where it goes.</summary>
    public void HandOver(GroupId group, string error)
    {
        if (!state.View.Groups.TryGetValue(group, out var spec))
            return;
        var guest = Begin(group);
        Revoke(group, spec.Value, guest, () => Stop(group, spec.Value, StopMode.Destroy, guest, () =>
        {
            if (state.View.Ownerships.GetValueOrDefault(group)?.Value is not { } own || state.Me is not { } me
                || !OwnershipRules.IsOwner(own, me) || !state.StoreReachable)
            {
                End(guest, RetryAfter);
                return;
            }

            var next = OwnershipRules.Confirm(
                RestartPolicy.WithFailure(own, state.Self, error), me, null, $"{state.Self} could not run it: {error}");
            owner.Confirm(group, next, guest, () => { });
        }));
    }

    /// <summary>Asks the guest to shut down. Its token stays and keeps the beacon from pausing it; nothing starts while the lease is
    /// old.</summary>
    public void ShutDownInIsolation(GroupId group, GroupSpec spec)
    {
        var guest = Begin(group);
        Stop(group, spec, StopMode.Ask, guest, () =>
        {
            (guest.HasRun, guest.ClaimedHere) = (false, true);
            End(guest, TimeSpan.Zero);
            state.Report(new Fact.GuestShutDownInIsolation(group, state.Self));
        });
    }

    /// <summary>The guest shut itself down: not a failure. By policy it stays down or is started again.</summary>
    public void AcceptShutDown(GroupId group, GroupSpec spec)
    {
        if (!state.StoreReachable || owner.EpochOf(group) is null)
            return;
        var guest = guests.Of(group);
        if (spec.OnGuestShutdown == GuestShutdownPolicy.Restart)
        {
            state.Report(new Fact.GuestShutDown(group, state.Self));
            (guest.HasRun, guest.ClaimedHere) = (false, true);
            Start(group, spec);
            return;
        }

        guest.Begin();
        Revoke(group, spec, guest, () => SeeGone(spec, guest, () =>
        {
            var key = new StoreKey.Group(group);
            const string Why = "the guest was shut down from inside or with virsh shutdown";
            if (owner.EpochOf(group) is null || state.Me is not { } me || !state.View.Groups.TryGetValue(group, out var known))
            {
                End(guest, RetryAfter);
                return;
            }

            var own = OwnershipRules.Confirm(state.View.Ownerships[group].Value, me, null, Why);
            var free = OwnershipRules.Change(state, group, own, state.GuardOf(key));
            var stopped = new Change.Put(key, known.Value with { Desired = DesiredState.Stopped, DesiredBy = Why });
            guest.MayBeLetGo = true;
            ledger.Persist(free with { Changes = free.Changes.Add(stopped) }, outcome =>
            {
                End(guest, RetryAfter);
                if (outcome is not StoreOutcome.Applied)
                    return;
                guest.Reset();
                state.Report(new Fact.GuestShutDown(group, state.Self));
            });
        }));
    }

    /// <summary>Runs here but is not ours as far as we know: ask the store first, then stop it.</summary>
    public void StopIfStray(GroupId group, GroupSpec spec)
    {
        if (!state.StoreReachable)
            return;
        var guest = Begin(group);
        ValueList<StoreKey> keys = [new StoreKey.Ownership(group), new StoreKey.Group(group), new StoreKey.Cluster()];
        ledger.Ask(op => new NodeEffect.ReadStore(op, keys), input =>
        {
            End(guest, RetryAfter);
            if ((state.Guards.ReadsBeforeStoppingStray && !state.TakeOver(input)) || !state.View.Groups.ContainsKey(group)
                || state.View.IsSuspended(group) || state.StoreDoubt is not null)
                return;
            var own = state.View.Ownerships.GetValueOrDefault(group)?.Value;
            if (own is not null && state.Me is { } me && !OwnershipRules.IsOwner(own, me))
                StopStray(group, spec, $"it is {own.Phase.Name}{(OwnershipRules.PlaceOf(own) is { } host ? $" by {host}" : "")}");
        });
    }

    public void StopStray(GroupId group, GroupSpec spec, string why)
    {
        var guest = Begin(group);
        Revoke(group, spec, guest, () => Stop(group, spec, StopMode.Destroy, guest, () =>
        {
            End(guest, TimeSpan.Zero);
            guest.Reset();
            state.Report(new Fact.StrayStopped(group, state.Self, why));
        }));
    }

    public void Forget(GroupId group, GroupSpec spec)
    {
        var guest = Begin(group);
        ledger.Ask(op => new NodeEffect.ForgetGuest(op, group, spec.Uuid), input =>
        {
            var done = input is NodeInput.GuestActed { Outcome: GuestOutcome.Done };
            guest.IsDefined = !done;
            End(guest, done ? TimeSpan.Zero : TimeSpan.FromSeconds(30));
        });
    }

    internal void Revoke(GroupId group, GroupSpec spec, LocalGuest guest, Action then)
    {
        if (!state.Guards.RevokesBeforeStop)
        {
            then();
            return;
        }

        ledger.Ask(op => new NodeEffect.RevokeToken(op, group, spec.Uuid), input =>
        {
            if (input is NodeInput.TokenRevoked { Accepted: true })
                then();
            else
                End(guest, RetryAfter);
        });
    }

    /// <summary>Goes on when nothing of it is left. Somebody may have started it by hand while its token was armed (S2).</summary>
    internal void SeeGone(GroupSpec spec, LocalGuest guest, Action then)
    {
        if (!state.Guards.LooksAfterRevoking)
        {
            then();
            return;
        }

        ledger.Ask(op => new NodeEffect.ListGuests(op), input =>
        {
            if (guest.Look(input, spec.Uuid) && !guest.IsAlive)
                then();
            else
                End(guest, RetryAfter);
        });
    }

    private void Stop(GroupId group, GroupSpec spec, StopMode mode, LocalGuest guest, Action then) =>
        ledger.Ask(op => new NodeEffect.StopGuest(op, group, spec.Uuid, mode), input =>
        {
            if (input is NodeInput.GuestActed { Outcome: GuestOutcome.Done } || !state.Guards.SeesItGone)
            {
                guest.Seen = GuestRunState.Stopped;
                then();
                return;
            }

            (guest.StopHard, guest.Seen) = (mode != StopMode.Ask, null);
            End(guest, StopRetryAfter);
            guests.WantInventory();
        });

    internal LocalGuest Begin(GroupId group)
    {
        var guest = guests.Of(group);
        guest.Begin();
        return guest;
    }

    internal void End(LocalGuest guest, TimeSpan pause) => guest.End(ledger.Latest, state.Now + pause);
}
