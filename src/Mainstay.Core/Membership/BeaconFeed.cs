using Mainstay.Core.Lease;
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
    private TimeSpan? builtWith;
    private Instant notBefore;

    /// <summary>The beacon is new or back and knows nothing for sure.</summary>
    public void Forget() => (sent, builtFrom, notBefore) = (null, null, state.Now);

    public void Run()
    {
        if (!state.BeaconConnected || !state.View.Hosts.TryGetValue(state.Self, out var self))
            return;
        var watchdog = state.Hearing.Report.Lease.Watchdog;
        if (ReferenceEquals(builtFrom, state.View) && builtFor == state.Session && builtWith == watchdog)
            return;
        if (state.Now < notBefore && builtFor == state.Session)
        {
            state.WakeAt(notBefore);
            return;
        }

        (builtFrom, builtFor, builtWith) = (state.View, state.Session, watchdog);
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
        state.View.Groups.Select(g => new ProtectedGuest(g.Key, g.Value.Value.Uuid, Standing(g.Key))).ToValueList())
    {
        Keepers = Keepers(),
        Lease = LeaseRules.ToKeep(LeaseRules.Wanted(state), Promised()),
    };

    private LeaseTerms? Promised() =>
        state.View.Sessions.GetValueOrDefault(state.Self)?.Value is { Lease: { } promise } own && own.Session == state.Session
            ? promise.Terms
            : null;

    private KeeperDuty Keepers() => state.View.Keepers?.Value is { } set
        ? new KeeperDuty(
            set.Epoch,
            Numbers(set.Members),
            Numbers(set.Previous),
            state.View.IncarnationOf(state.Self))
        : KeeperDuty.None;

    private ValueList<int> Numbers(ValueList<HostId> hosts) =>
        hosts.Select(h => state.View.Hosts.GetValueOrDefault(h)?.Value.Number ?? 0).Where(number => number > 0).ToValueList();

    private string Standing(GroupId group) => state.View.Ownerships.GetValueOrDefault(group)?.Value switch
    {
        null => "not owned by any host",
        { Phase: OwnershipPhase.Claimed claimed } own => $"owned by {claimed.Owner.Host} (epoch {own.Epoch})",
        { Phase: OwnershipPhase.Assigned assigned } own => $"being started on {assigned.Host} (epoch {own.Epoch})",
        var own => $"{own.Phase.Name} (epoch {own.Epoch})",
    };
}
