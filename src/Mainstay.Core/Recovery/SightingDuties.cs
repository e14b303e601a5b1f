using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Recovery;

/// <summary>
/// Looks for guests when the cluster asks, and says what it found: guests that are about to be protected, and those whose ownership comes
/// out of a backup. First the hook refuses the guest, then it is looked for: a start that the hook let pass before is in the inventory, and
/// none can come after it.
/// </summary>
internal sealed class SightingDuties(NodeState state, OperationLedger ledger, BeaconFeed beacon, LocalGuests guests)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private bool isLooking;
    private Instant notBefore;

    public void Run()
    {
        if (state.View.IsWitness(state.Self) || !state.IsMember || !state.StoreReachable || !state.BeaconConnected || isLooking || !IsDue())
            return;
        if (state.Now < notBefore)
        {
            state.WakeAt(notBefore);
            return;
        }

        var round = new Round(state.View.Incarnation, Adoptions(), Suspended());
        if (round.Suspended.Any(g => guests.Of(g.Key).Seen is null))
            guests.WantInventory(); // New to this agent: it cannot tell yet which of them must be refused.
        else if (round.ToRefuse(guests).All(g => beacon.HasTold(g.Uuid)))
            Look(round);
    }

    private ValueList<Question> Adoptions() => state.View.Adoptions
        .Where(a => a.Value.Value.By.Host != state.Self)
        .Select(a => new Question(a.Key, a.Value.ModRevision, a.Value.Value.Uuid))
        .ToValueList();

    private List<KeyValuePair<GroupId, string>> Suspended() => state.View.Groups
        .Where(g => state.View.IsSuspended(g.Key))
        .Select(g => KeyValuePair.Create(g.Key, g.Value.Value.Uuid))
        .ToList();

    private bool IsDue()
    {
        if (state.View.Adoptions.IsEmpty && !state.AnySuspended)
            return false;
        var said = state.View.Sightings.GetValueOrDefault(state.Self)?.Value is { } mine && mine.Session == state.Session ? mine : null;
        foreach (var question in Adoptions())
        {
            if (said is null || !said.Adoptions.Any(a => a.Group == question.Group && a.Asked == question.Revision))
                return true;
        }

        foreach (var (group, _) in Suspended())
        {
            if (said is null || said.Incarnation != state.View.Incarnation
                || (guests.Of(group).Seen is not null && guests.Of(group).IsAlive != said.Running.Contains(group)))
                return true;
        }

        return false;
    }

    // A revocation is confirmed after the beacon has read all it was told before: from then on its hook refuses the guest (S4).
    private void Look(Round round)
    {
        isLooking = true;
        var (toRefuse, refused) = (round.ToRefuse(guests).ToArray(), true);
        var open = toRefuse.Length;
        if (open == 0)
            List(round, []);
        foreach (var (group, uuid) in toRefuse)
        {
            ledger.Ask(op => new NodeEffect.RevokeToken(op, group, uuid), input =>
            {
                refused &= input is NodeInput.TokenRevoked { Accepted: true };
                if (--open > 0)
                    return;
                if (refused)
                    List(round, [.. toRefuse.Select(g => g.Group)]);
                else
                    End(RetryAfter);
            });
        }
    }

    private void List(Round round, SortedSet<GroupId> refused) =>
        ledger.Ask(op => new NodeEffect.ListGuests(op), seen => OnListed(round, refused, seen));

    private void OnListed(Round round, SortedSet<GroupId> refused, NodeInput input)
    {
        var key = new StoreKey.Sighting(state.Self);
        if (input is not NodeInput.GuestsListed { Inventory: Observed<GuestInventory>.Known known } || state.Me is not { } me
            || ledger.IsBusy(key) || state.View.Incarnation != round.Incarnation)
        {
            End(RetryAfter);
            return;
        }

        var running = round.Suspended.Where(g => Runs(known.Value, g.Key, g.Value)).Select(g => g.Key).ToValueList();
        if (round.Suspended.Any(g => !running.Contains(g.Key) && !refused.Contains(g.Key)))
        {
            guests.WantInventory(); // It ended meanwhile, and could still be started here by hand: once more, without its token.
            End(RetryAfter);
            return;
        }

        var found = round.Adoptions
            .Select(a => new AdoptionSighting(a.Group, a.Revision, Runs(known.Value, a.Group, a.Uuid)))
            .ToValueList();
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(key), state.GuardOf(new StoreKey.Session(state.Self)), state.GuardOf(new StoreKey.Cluster())],
                [new Change.Put(key, new HostSighting(me.Session, round.Incarnation, found, running))]),
            outcome => End(outcome is StoreOutcome.Applied ? TimeSpan.Zero : RetryAfter));
        if (!running.IsEmpty)
            guests.WantInventory();
    }

    private static bool Runs(GuestInventory inventory, GroupId group, string uuid) =>
        inventory.Guests.Any(g => g.State != GuestRunState.Stopped && (g.Uuid == uuid || g.Guest == group));

    private void End(TimeSpan pause) => (isLooking, notBefore) = (false, state.Now + pause);

    private sealed record Question(GroupId Group, long Revision, string Uuid);

    private sealed record Round(long Incarnation, ValueList<Question> Adoptions, List<KeyValuePair<GroupId, string>> Suspended)
    {
        /// <summary>What the hook is to refuse before the look. What runs keeps its token: the lease answers for it.</summary>
        public IEnumerable<(GroupId Group, string Uuid)> ToRefuse(LocalGuests guests) =>
            Adoptions.Select(a => (a.Group, a.Uuid))
                .Concat(Suspended.Where(g => !guests.Of(g.Key).IsAlive).Select(g => (g.Key, g.Value)));
    }
}
