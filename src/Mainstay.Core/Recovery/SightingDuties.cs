using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Recovery;

/// <summary>
/// Looks for guests when the cluster asks, and says what it found. First the hook refuses the guest, then it is looked for: a start that
/// the hook let pass before is in the inventory, and none can come after it.
/// </summary>
internal sealed class SightingDuties(NodeState state, OperationLedger ledger, BeaconFeed beacon)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private bool isLooking;
    private Instant notBefore;

    public void Run()
    {
        if (!state.IsMember || !state.StoreReachable || !state.BeaconConnected || isLooking)
            return;
        var asked = Asked();
        if (asked.Count == 0 || asked.All(IsAnswered) || !asked.TrueForAll(a => beacon.HasTold(a.Record.Uuid)))
            return;
        if (state.Now < notBefore)
            state.WakeAt(notBefore);
        else
            Look(asked);
    }

    private List<Question> Asked() => state.View.Adoptions
        .Where(a => a.Value.Value.By.Host != state.Self)
        .Select(a => new Question(a.Key, a.Value.ModRevision, a.Value.Value))
        .ToList();

    private bool IsAnswered(Question question) =>
        state.View.Sightings.GetValueOrDefault(state.Self)?.Value is { } said && said.Session == state.Session
        && said.Adoptions.Any(a => a.Group == question.Group && a.Asked == question.Revision);

    // A revocation is confirmed after the beacon has read all it was told before: from then on its hook refuses the guest (S4).
    private void Look(List<Question> asked)
    {
        isLooking = true;
        var (open, refused) = (asked.Count, true);
        foreach (var question in asked)
        {
            ledger.Ask(op => new NodeEffect.RevokeToken(op, question.Group, question.Record.Uuid), input =>
            {
                refused &= input is NodeInput.TokenRevoked { Accepted: true };
                if (--open > 0)
                    return;
                if (refused)
                    ledger.Ask(op => new NodeEffect.ListGuests(op), seen => OnListed(asked, seen));
                else
                    End(RetryAfter);
            });
        }
    }

    private void OnListed(List<Question> asked, NodeInput input)
    {
        var key = new StoreKey.Sighting(state.Self);
        if (input is not NodeInput.GuestsListed { Inventory: Observed<GuestInventory>.Known known } || state.Me is not { } me
            || ledger.IsBusy(key))
        {
            End(RetryAfter);
            return;
        }

        var found = asked.Select(a => new AdoptionSighting(a.Group, a.Revision, RunsHere(known.Value, a))).ToValueList();
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(key), state.GuardOf(new StoreKey.Session(state.Self))],
                [new Change.Put(key, new HostSighting(me.Session, found))]),
            outcome => End(outcome is StoreOutcome.Applied ? TimeSpan.Zero : RetryAfter));
    }

    private static bool RunsHere(GuestInventory inventory, Question question) => inventory.Guests.Any(
        g => g.State != GuestRunState.Stopped && (g.Uuid == question.Record.Uuid || g.Guest == question.Group));

    private void End(TimeSpan pause) => (isLooking, notBefore) = (false, state.Now + pause);

    private sealed record Question(GroupId Group, long Revision, AdoptionRecord Record);
}
