using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Health;

/// <summary>Publishes what this host has of all that guests need, when it changed and not too often.</summary>
internal sealed class OfferPublisher(NodeState state, OperationLedger ledger)
{
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(5);

    private NodeInput.OfferSeen? seen;
    private Instant notBefore;

    public void OnSeen(NodeInput.OfferSeen offer) => seen = offer;

    public bool IsAsSeen(NodeInput.OfferSeen offer) => offer == seen;

    public void Run()
    {
        var key = new StoreKey.Offer(state.Self);
        if (seen is null || state.Me is not { } me || !state.StoreReachable || ledger.IsBusy(key) || state.View.IsWitness(state.Self))
            return;
        var next = new HostOffer(me.Session, seen.Cpus, seen.Pages.Select(Others).ToValueList(), seen.Has, seen.Lacks);
        var published = state.View.Offers.GetValueOrDefault(state.Self)?.Value;
        if (published == next)
            return;
        if (published?.Session == me.Session && state.Now < notBefore)
        {
            state.WakeAt(notBefore);
            return;
        }

        notBefore = state.Now + Spacing;
        ledger.Persist(
            new StoreTransaction([state.GuardOf(key), state.GuardOf(new StoreKey.Session(state.Self))], [new Change.Put(key, next)]), _ =>
                { });
    }

    // S6: what its own guests take is counted by ownership.
    private PageOffer Others(PageOffer page)
    {
        var own = state.View.Ownerships.Where(o => OwnershipRules.OwnerOf(o.Value.Value) == state.Me)
            .Sum(o => state.View.Groups.GetValueOrDefault(o.Key)?.Value.Needs?.Pages
                .Where(need => need.SizeKiB == page.SizeKiB).Sum(need => need.MiB) ?? 0);
        return page with { UsedMiB = Math.Max(0, page.UsedMiB - own) };
    }
}
