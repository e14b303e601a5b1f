using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Recovery;

/// <summary>
/// Shows that nothing protected runs on this host: tokens first, then what still runs, then an inventory that was taken after that (S2).
/// Not only of what it owns: its guests may have been given away already.
/// </summary>
internal sealed class HostClearance(NodeState state, OperationLedger ledger, LocalGuests guests)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private Attempt? attempt;

    /// <summary>Forgets what was shown: guests may have been started since.</summary>
    public void Reset() => attempt = null;

    /// <summary>
    /// Revokes every token, then stops every protected guest that runs here. True when an inventory taken after that shows none.
    /// </summary>
    public bool IsClear()
    {
        attempt ??= new Attempt(ledger.Latest);
        if (!attempt.RevokeStarted)
            RevokeAll(attempt);
        if (attempt.RevokesOpen > 0 || attempt.RevokeFailed)
        {
            RetryRevoke(attempt);
            return false;
        }

        if (guests.LastInventory.CompareTo(attempt.Since) <= 0)
        {
            guests.Look();
            return false;
        }

        var (clear, unseen) = (true, false);
        foreach (var (group, spec) in state.View.Groups)
        {
            var guest = guests.Of(group);
            if (state.Guards.SeesAllGone ? guest.IsShownGoneSince(attempt.Since) : !guest.IsAlive)
                continue;
            clear = false;
            if (guest.IsAlive)
                guests.StopStray(group, spec.Value, guest, "its host's session has ended");
            else
                unseen |= !guest.IsActing;
        }

        if (unseen)
            guests.Look();
        return clear && guests.All.All(g => !g.Value.IsActing);
    }

    private void RevokeAll(Attempt clear)
    {
        (clear.RevokeStarted, clear.RevokeFailed) = (true, false);
        var sameBoot = state.View.Sessions.GetValueOrDefault(state.Self)?.Value.Boot == state.Boot;
        foreach (var (group, spec) in state.View.Groups)
        {
            if (!sameBoot)
                break; // The tokens of another boot are gone with it.
            clear.RevokesOpen++;
            ledger.Ask(op => new NodeEffect.RevokeToken(op, group, spec.Value.Uuid), input =>
            {
                clear.RevokesOpen--;
                clear.RevokeFailed |= input is not NodeInput.TokenRevoked { Accepted: true };
                (clear.RetryAt, clear.Since) = (state.Now + RetryAfter, ledger.Latest);
            });
        }

        clear.Since = ledger.Latest;
    }

    private void RetryRevoke(Attempt clear)
    {
        if (clear.RevokesOpen > 0)
            return;
        if (state.Now < clear.RetryAt)
            state.WakeAt(clear.RetryAt);
        else
            RevokeAll(clear);
    }

    private sealed class Attempt(OperationId since)
    {
        public OperationId Since { get; set; } = since;

        public bool RevokeStarted { get; set; }

        public bool RevokeFailed { get; set; }

        public int RevokesOpen { get; set; }

        public Instant RetryAt { get; set; }
    }
}
