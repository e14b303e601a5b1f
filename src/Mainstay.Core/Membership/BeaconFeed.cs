using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Membership;

/// <summary>Keeps the beacon's knowledge in step: session, peers and the guests that need a token.</summary>
internal sealed class BeaconFeed(NodeState state)
{
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(100);

    private BeaconSetup? sent;
    private ClusterView? builtFrom;
    private SessionId? builtFor;
    private Instant notBefore;

    /// <summary>The beacon is new or back and knows nothing for sure.</summary>
    public void Forget() => (sent, builtFrom, notBefore) = (null, null, state.Now);

    public void Run()
    {
        if (!state.BeaconConnected || !state.View.Hosts.TryGetValue(state.Self, out var self))
            return;
        if (ReferenceEquals(builtFrom, state.View) && builtFor == state.Session)
            return;
        if (state.Now < notBefore && builtFor == state.Session)
        {
            state.WakeAt(notBefore);
            return;
        }

        (builtFrom, builtFor) = (state.View, state.Session);
        var setup = Build(self.Value);
        if (setup == sent)
            return;
        (sent, notBefore) = (setup, state.Now + Spacing);
        state.Emit(new NodeEffect.SetUpBeacon(setup));
    }

    private BeaconSetup Build(HostConfig self) => new(
        state.Self,
        self.Number,
        state.Session,
        self.Addresses,
        state.View.Hosts.Where(h => h.Key != state.Self)
            .Select(h => new BeaconPeer(h.Key, h.Value.Value.Number, h.Value.Value.Addresses)).ToValueList(),
        state.View.Groups.Select(g => new ProtectedGuest(g.Key, g.Value.Value.Uuid, Standing(g.Key))).ToValueList());

    private string Standing(GroupId group) => state.View.Ownerships.GetValueOrDefault(group)?.Value switch
    {
        null => "not owned by any host",
        { Phase: OwnershipPhase.Claimed claimed } own => $"owned by {claimed.Owner.Host} (epoch {own.Epoch})",
        { Phase: OwnershipPhase.Assigned assigned } own => $"being started on {assigned.Host} (epoch {own.Epoch})",
        var own => $"{own.Phase.Name} (epoch {own.Epoch})",
    };
}
