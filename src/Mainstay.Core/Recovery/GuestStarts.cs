using Mainstay.Core.Facts;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Recovery;

/// <summary>
/// The way to a running guest: still the owner, no copy here, nothing newer on the disks; stamp, arm, start. Any step that fails or stays
/// unknown ends the attempt.
/// </summary>
internal sealed class GuestStarts(
    NodeState state, OperationLedger ledger, LocalGuests guests, StampActs stamps, OwnerWrites owner, GuestActs acts, StartQueue queue)
{
    /// <summary>Longer than any question of a start may take.</summary>
    private static readonly TimeSpan ReadingLasts = TimeSpan.FromSeconds(12);

    /// <summary>A lease that has not begun by then may take long: the start is tried, and fails, and the guest goes elsewhere.</summary>
    private static readonly TimeSpan LeaseBeginsWithin = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Before a start: no write of ours can still let go of it (S2), still the owner by a fresh read, no copy of it runs here (S1), and its
    /// disks say nothing newer (S3); then they are stamped, then the token (S4), then the start.
    /// </summary>
    public void Start(GroupId group, GroupSpec spec)
    {
        // The hook would refuse it while the keepers do not hear this host: that is no failure of the guest.
        if (!state.StoreReachable || !state.BeaconConnected || LeaseRules.IsIsolated(state) || WaitsForLease(guests.Of(group)))
        {
            state.WakeAt(state.Now + GuestActs.RetryAfter);
            return;
        }

        var guest = acts.Begin(group);
        if (guest.MayBeLetGo && state.Guards.AffirmsBeforeStart)
            owner.Affirm(group, guest, () => LookAndStart(group, spec, guest));
        else
            LookAndStart(group, spec, guest);
    }

    // The hook refuses it too while the lease has not begun. When that lasts, another host may be better off.
    private bool WaitsForLease(LocalGuest guest)
    {
        if (!LeaseRules.IsWaiting(state))
            guest.WaitsForLeaseSince = null;
        else if (guest.WaitsForLeaseSince is not { } since)
            guest.WaitsForLeaseSince = state.Now;
        else if (state.Now - since >= LeaseBeginsWithin)
            guest.WaitsForLeaseSince = null;
        return guest.WaitsForLeaseSince is not null;
    }

    private void LookAndStart(GroupId group, GroupSpec spec, LocalGuest guest)
    {
        Observed<ValueList<DiskStamp>> found = new Observed<ValueList<DiskStamp>>.Unknown("not read");
        var (reads, good) = (3, true);
        var reading = (At: state.Now, state.Hearing.Report.Lease.Life);
        void Arrived(bool ok)
        {
            good &= ok;
            if (--reads > 0)
                return;
            if (!good || IsOld(reading.At) || owner.EpochOf(group) is not { } epoch)
                acts.End(guest, GuestActs.RetryAfter);
            else if (guest.IsAlive || !queue.IsItsTurn(group))
                acts.End(guest, TimeSpan.Zero);
            else
                Stamp(group, spec, epoch, guest, found, reading.Life);
        }

        // S7: those that go first are read too, as they are now.
        ValueList<StoreKey> keys =
        [
            new StoreKey.Ownership(group), new StoreKey.Session(state.Self), new StoreKey.Group(group), new StoreKey.Cluster(),
            .. spec.Order.After.SelectMany(edge => (StoreKey[])[new StoreKey.Group(edge.On), new StoreKey.Ownership(edge.On)]),
        ];
        ledger.Ask(
            op => new NodeEffect.ReadStore(op, keys), input => Arrived(!state.Guards.ReadsBeforeStart || state.TakeOver(input)));
        ledger.Ask(
            op => new NodeEffect.ListGuests(op), input => Arrived(!state.Guards.LooksBeforeStart || guest.Look(input, spec.Uuid)));
        stamps.Read(group, spec.Definition, seen =>
        {
            found = seen;
            Arrived(true);
        });
    }

    // This agent slept meanwhile: neither its stamps nor its start may come from a reading of before (S3).
    private bool IsOld(Instant read) => state.Now - read > ReadingLasts && state.Guards.ReadsAgainAfterSleep;

    private void Stamp(
        GroupId group, GroupSpec spec, Epoch epoch, LocalGuest guest, Observed<ValueList<DiskStamp>> found, LeaseLife read)
    {
        var ours = stamps.Ours(epoch);
        if (found is not Observed<ValueList<DiskStamp>>.Known known)
            NotStamped(group, epoch, guest, (found as Observed<ValueList<DiskStamp>>.Unknown)?.Why);
        else if (!state.View.Ownerships[group].Value.TakesOver && StampActs.Objection(ours, known.Value) is { } forbidden)
            Block(group, spec, guest, forbidden);
        else
            stamps.Write(group, spec.Definition, ours, failed =>
            {
                if (failed is null)
                    Arm(group, spec, epoch, guest, read);
                else
                    NotStamped(group, epoch, guest, failed);
            });
    }

    // Unknown is not "no stamp": as a start that fails, it is tried again, then elsewhere.
    private void NotStamped(GroupId group, Epoch epoch, LocalGuest guest, string? why) =>
        Started(group, epoch, guest, new GuestOutcome.Failed($"its disks cannot be stamped: {why}"));

    private void Block(GroupId group, GroupSpec spec, LocalGuest guest, string why) =>
        acts.Revoke(group, spec, guest, () => acts.SeeGone(spec, guest, () =>
        {
            if (owner.EpochOf(group) is null || state.Me is not { } me)
                acts.End(guest, GuestActs.RetryAfter);
            else
                owner.Confirm(group, OwnershipRules.Block(state.View.Ownerships[group].Value, me, why), guest,
                    () => state.Report(new Fact.GroupBlocked(group, why)));
        }));

    private void Arm(GroupId group, GroupSpec spec, Epoch epoch, LocalGuest guest, LeaseLife read)
    {
        if (state.Session is not { } session)
        {
            acts.End(guest, GuestActs.RetryAfter);
            return;
        }

        var policy = state.View.Ownerships[group].Value.OnIsolation;
        ledger.Ask(op => new NodeEffect.ArmToken(op, group, spec.Uuid, epoch, session, policy, read), input =>
        {
            if (input is not NodeInput.TokenArmed { Accepted: true } || (owner.EpochOf(group) != epoch && state.Guards.StartsOnlyOwned))
            {
                acts.End(guest, GuestActs.RetryAfter);
                return;
            }

            state.Report(new Fact.GuestStarting(group, epoch, state.Self));
            var began = state.Now;
            var definition = state.View.Groups.GetValueOrDefault(group)?.Value.Definition ?? spec.Definition;
            ledger.Ask(start => new NodeEffect.StartGuest(start, group, spec.Uuid, definition),
                acted =>
                {
                    var outcome = (acted as NodeInput.GuestActed)?.Outcome ?? new GuestOutcome.Unknown("no answer");
                    queue.Ended(group, outcome is GuestOutcome.Done ? state.Now - began : null);
                    Started(group, epoch, guest, outcome);
                });
        });
    }

    private void Started(GroupId group, Epoch epoch, LocalGuest guest, GuestOutcome outcome)
    {
        switch (outcome)
        {
            case GuestOutcome.Done:
                (guest.Seen, guest.IsDefined, guest.HasRun, guest.RunningSince, guest.FailedStarts) =
                    (GuestRunState.Running, true, true, state.Now, 0);
                acts.End(guest, TimeSpan.Zero);
                state.Report(new Fact.GuestStarted(group, epoch, state.Self));
                break;
            case GuestOutcome.Failed failed:
                guest.Seen = GuestRunState.Stopped;
                guest.FailedStarts++;
                state.Report(new Fact.GuestStartFailed(group, epoch, state.Self, failed.Why));
                var pause = RestartPolicy.InPlaceAfterFailedStart(guest.FailedStarts);
                acts.End(guest, pause ?? TimeSpan.Zero);
                if (pause is null && owner.EpochOf(group) is not null)
                    acts.HandOver(group, failed.Why);
                break;
            case GuestOutcome.Unknown unknown:
                guest.Seen = null;
                state.Report(new Fact.GuestStartFailed(group, epoch, state.Self, $"outcome unknown: {unknown.Why}"));
                acts.End(guest, GuestActs.RetryAfter);
                guests.WantInventory();
                break;
        }
    }
}
