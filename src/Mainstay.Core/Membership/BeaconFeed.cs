using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Membership;

/// <summary>Keeps the beacon's knowledge in step: session, peers and the guests that need a token.</summary>
internal sealed class BeaconFeed(NodeState state, LeaseDuties lease)
{
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(100);

    private BeaconSetup? sent;
    private ClusterView? builtFrom;
    private SessionId? builtFor;
    private (TimeSpan? Watchdog, LeaseTerms? MayBePromised) builtWith;
    private Instant notBefore;

    /// <summary>The beacon is new or back and knows nothing for sure.</summary>
    public void Forget() => (sent, builtFrom, notBefore) = (null, null, state.Now);

    public void Run()
    {
        if (!state.BeaconConnected || !state.View.Hosts.TryGetValue(state.Self, out var self))
            return;
        var with = (state.Hearing.Report.Lease.Watchdog, lease.MayBePromised);
        if (ReferenceEquals(builtFrom, state.View) && builtFor == state.Session && builtWith == with)
            return;
        if (state.Now < notBefore && builtFor == state.Session)
        {
            state.WakeAt(notBefore);
            return;
        }

        (builtFrom, builtFor, builtWith) = (state.View, state.Session, with);
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
        Protected())
    {
        Keepers = Keepers(),
        Lease = LeaseRules.ToKeep(LeaseRules.ToKeep(LeaseRules.Wanted(state), Promised()), lease.MayBePromised),
    };

    /// <summary>The beacon was told that this guest needs a token. What it is told after that, it reads after that.</summary>
    public bool HasTold(string uuid) => sent is { } told && told.Protected.Any(guest => guest.Uuid == uuid);

    private ValueList<ProtectedGuest> Protected() =>
        state.View.Groups.Select(g => new ProtectedGuest(g.Key, g.Value.Value.Uuid, Standing(g.Key)))
            .Concat(state.View.Adoptions.Where(a => !state.View.Groups.ContainsKey(a.Key)).Select(a =>
                new ProtectedGuest(a.Key, a.Value.Value.Uuid, $"just being protected on {a.Value.Value.By.Host}")))
            .ToValueList();

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
