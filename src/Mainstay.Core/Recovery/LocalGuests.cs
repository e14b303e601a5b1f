using Mainstay.Core.Facts;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;
using Mainstay.Core.Ownership;
using Mainstay.Core.Times;

namespace Mainstay.Core.Recovery;

/// <summary>
/// The protected guests of this host: what really runs (inventories and events), what this host owns, and the difference between the two.
/// What it owns is kept running, what it does not own is stopped.
/// </summary>
internal sealed class LocalGuests
{
    private const int DrainedAtOnce = 2; // What moves is down meanwhile.
    private static readonly TimeSpan InventoryRetry = TimeSpan.FromMilliseconds(500);

    private readonly NodeState state;
    private readonly OperationLedger ledger;
    private readonly GuestActs acts;
    private readonly Departure departure;
    private readonly OwnTimes times;
    private readonly GateWatch gates;
    private readonly StopOrder stops;
    private readonly SortedDictionary<GroupId, LocalGuest> guests = [];
    private OperationId? listing;
    private bool listWanted = true;
    private bool isAwaited;
    private Instant nextList;
    private Instant notBefore;

    public LocalGuests(NodeState state, OperationLedger ledger, StampActs stamps, OwnTimes times, StartQueue queue)
    {
        (this.state, this.ledger, this.times) = (state, ledger, times);
        acts = new GuestActs(state, ledger, this, stamps, times, queue);
        gates = new GateWatch(state, ledger, queue, times);
        stops = new StopOrder(state, queue);
        departure = new Departure(state);
    }

    /// <summary>The last operation whose answer was an inventory.</summary>
    public OperationId LastInventory { get; private set; }

    /// <summary>Every guest that this agent knows something of.</summary>
    public IEnumerable<KeyValuePair<GroupId, LocalGuest>> All => guests;

    /// <summary>Memory in MiB of protected guests seen running here; they are accounted by ownership, not by measurement.</summary>
    public long ProtectedMiB
    {
        get
        {
            var sum = 0L;
            foreach (var (group, guest) in guests)
                sum += guest.IsAlive ? state.View.Groups.GetValueOrDefault(group)?.Value.HostMemoryMiB ?? 0 : 0;
            return sum;
        }
    }

    public LocalGuest Of(GroupId group)
    {
        if (!guests.TryGetValue(group, out var guest))
            guests[group] = guest = new LocalGuest();
        return guest;
    }

    /// <summary>A guest is adopted as it is now. How it ended under an earlier protection says nothing about it.</summary>
    public void Adopt(GroupId group, GuestRunState seen) =>
        guests[group] = new LocalGuest { Seen = seen, IsDefined = true, ActedAt = ledger.Latest };

    public void WantInventory() => listWanted = true;

    /// <summary>A change reported by the hypervisor is a reason to look, never a reason to act: events may be late or doubled.</summary>
    public void OnGuestChanged(GuestObservation seen)
    {
        if (state.View.Groups.ContainsKey(seen.Guest))
            WantInventory();
    }

    public void Run()
    {
        Audit();
        if (!state.IsMember)
            return;
        foreach (var (group, own) in state.View.Ownerships)
        {
            if (state.View.Groups.TryGetValue(group, out var spec) && !ledger.IsChangingOwnershipOf(group)
                && !(state.AnySuspended && state.View.IsSuspended(group)))
                Tend(group, spec.Value, own.Value);
        }

        acts.RunStarts();
        if (listWanted)
            Audit();
    }

    /// <summary>Looks at what runs here when that is due, and else says when it will be.</summary>
    public void Audit()
    {
        if (!state.View.Loaded || listing is not null)
            return;
        if ((listWanted ? notBefore : Instant.Max(nextList, notBefore)) is var due && state.Now < due)
        {
            state.AuditAt(due);
            return;
        }

        state.Audits();
        (listWanted, nextList) = (false, state.Now + state.Timing.AuditEvery);
        OperationId asked = default;
        asked = ledger.Ask(op => new NodeEffect.ListGuests(op), input => OnListed(asked, input));
        listing = asked;
    }

    /// <summary>It answers the look that is under way, and says of every protected guest what is known of it already.</summary>
    public bool IsAsKnown(NodeInput.GuestsListed listed)
    {
        if (listWanted || isAwaited || listed.Operation != listing || listed.Inventory is not Observed<GuestInventory>.Known known)
            return false;
        foreach (var (group, spec) in state.View.Groups)
        {
            if (!guests.TryGetValue(group, out var guest) || !guest.IsKnownAs(known.Value.Find(spec.Value.Uuid)))
                return false;
        }

        return true;
    }

    /// <summary>Looks now, unless a look that was begun after this operation is under way. What it finds is waited for.</summary>
    public void LookSince(OperationId since)
    {
        isAwaited = true;
        if (listing is { } asked && asked.CompareTo(since) > 0)
            return;
        WantInventory();
        Audit();
    }

    /// <summary>Stops a guest that is not this host's to run.</summary>
    public void StopStray(GroupId group, GroupSpec spec, LocalGuest guest, string why)
    {
        if (!guest.IsActing && IsDue(guest))
            acts.StopStray(group, spec, why);
    }

    private void OnListed(OperationId asked, NodeInput input)
    {
        listing = null;
        if (input is NodeInput.GuestsListed { Inventory: Observed<GuestInventory>.Known known })
            Learn(asked, known.Value);
        else
            (listWanted, notBefore) = (true, state.Now + InventoryRetry); // Unknown is not "nothing runs" (C6).
    }

    /// <summary>Takes over an inventory. Guests acted upon since it was asked for are left alone: it may be older than the act.</summary>
    private void Learn(OperationId asked, GuestInventory inventory)
    {
        (LastInventory, isAwaited) = (asked, false);
        foreach (var (group, spec) in state.View.Groups)
        {
            var guest = Of(group);
            if (guest.IsActing || guest.ActedAt.CompareTo(asked) >= 0)
                continue;
            guest.See(asked, inventory.Find(spec.Value.Uuid));
        }
    }

    private void Tend(GroupId group, GroupSpec spec, OwnershipRecord own)
    {
        var guest = Of(group);
        if (guest.IsActing || (state.AnySuspended && state.View.IsSuspended(group)) || !IsDue(guest))
            return; // S9: what comes out of a backup stops nothing.
        switch (own.Phase)
        {
            case OwnershipPhase.Claimed claimed when claimed.Owner == state.Me:
                TendOwn(group, spec, own, guest);
                break;
            case OwnershipPhase.Releasing releasing when releasing.Owner == state.Me && stops.Waits(group, spec, guest):
                break;
            case OwnershipPhase.Releasing releasing when releasing.Owner == state.Me:
                acts.StopAndConfirm(group, spec, releasing.Next, own.Why);
                break;
            case OwnershipPhase.Assigned assigned when assigned.Host == state.Self && !guest.IsAlive && state.Leaving is null:
                if (guest.Seen is null)
                    WantInventory(); // New to this host: look at once, not at the next audit.
                else if (spec.Desired == DesiredState.Running)
                    acts.Claim(group, spec, own);
                break;
            default:
                TendForeign(group, spec, own, guest);
                break;
        }
    }

    private void TendOwn(GroupId group, GroupSpec spec, OwnershipRecord own, LocalGuest guest)
    {
        if (spec.Desired == DesiredState.Stopped && !stops.Waits(group, spec, guest))
            acts.StopAndConfirm(group, spec, null, spec.DesiredBy);
        else if (spec.Desired == DesiredState.Stopped)
            return;
        else if (departure.Of(group) is { } way && (way.AtOnce || guests.Values.Count(g => g.IsActing) < DrainedAtOnce))
            LetGo(group, spec, way);
        else if (guest.IsAlive && own.OnIsolation == IsolationPolicy.Shutdown && LeaseRules.IsTimeToShutDown(state))
            acts.ShutDownInIsolation(group, spec);
        else if (guest.IsAlive)
            TendRunning(group, spec, own, guest);
        else if (guest.Seen == GuestRunState.Stopped)
            TendStopped(group, spec, guest);
        else
            WantInventory();
    }

    private void LetGo(GroupId group, GroupSpec spec, Departure.Way way)
    {
        if (way.AtOnce)
            acts.StopAndConfirm(group, spec, null, way.Why, way.Kept);
        else
            acts.Drain(group, spec, way.Why, () => departure.Of(group) is { AtOnce: false });
    }

    private void TendRunning(GroupId group, GroupSpec spec, OwnershipRecord own, LocalGuest guest)
    {
        if (!guest.HasRun)
            (guest.HasRun, guest.RunningSince, guest.FailedStarts) = (true, state.Now, 0);
        if (!own.HasRun && state.StoreReachable && state.Me is { } me)
        {
            times.Witness(group, own, me, guest);
            return;
        }

        times.NoteRestart(group, own, guest);
        if (gates.Run(group, spec, own, guest))
            return;
        if (RestartPolicy.ForgetsAfter(own) is not { } after)
            return;
        var stableAt = guest.RunningSince + after;
        if (state.Now < stableAt)
            state.WakeAt(stableAt);
        else if (state.StoreReachable)
            ledger.Persist(OwnershipRules.Change(state, group, RestartPolicy.Forget(own)), _ => { });
    }

    private void TendStopped(GroupId group, GroupSpec spec, LocalGuest guest)
    {
        var wasRunning = guest.HasRun || !guest.ClaimedHere;
        if (wasRunning && guest.LastStop == GuestStopCause.ShutDown)
        {
            acts.AcceptShutDown(group, spec);
            return;
        }

        if (guest.HasRun)
            NoteFailure(group, guest);
        else if (state.View.Armed || guest.ClaimedHere)
            acts.Start(group);
    }

    private void NoteFailure(GroupId group, LocalGuest guest)
    {
        if (!state.View.Armed)
            return;
        var why = guest.LastStop switch
        {
            GuestStopCause.Crashed => "its process died or the guest crashed",
            GuestStopCause.Destroyed => "it was destroyed by hand",
            GuestStopCause.ShutDown or GuestStopCause.Unclear => "it is gone, for a reason the hypervisor does not give",
        };
        state.Report(new Fact.GuestFailed(group, state.Self, why));
        (guest.HasRun, guest.ClaimedHere, guest.FailedAt) = (false, true, guest.FailedAt ?? state.Now);
        guest.Failures.RemoveAll(at => state.Now - at > RestartPolicy.Window);
        guest.Failures.Add(state.Now);
        if (RestartPolicy.InPlaceAfterFailure(guest.Failures.Count) is { } pause)
            guest.NotBefore = state.Now + pause;
        else
            acts.HandOver(group, $"{why}, {guest.Failures.Count} times in {RestartPolicy.Window.TotalMinutes:0} minutes");
        if (guest.NotBefore <= state.Now && !guest.IsActing)
            acts.Start(group);
        else
            state.WakeAt(guest.NotBefore);
    }

    private void TendForeign(GroupId group, GroupSpec spec, OwnershipRecord own, LocalGuest guest)
    {
        guest.Reset();
        if (guest.IsAlive)
            acts.StopIfStray(group, spec);
        else if (guest.IsDefined && own.Phase is OwnershipPhase.Claimed claimed && claimed.Owner.Host != state.Self)
            acts.Forget(group, spec);
    }

    private bool IsDue(LocalGuest guest)
    {
        if (state.Now >= guest.NotBefore)
            return true;
        state.WakeAt(guest.NotBefore);
        return false;
    }
}
