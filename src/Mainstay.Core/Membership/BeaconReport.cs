using Mainstay.Core.Lease;
using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>
/// What this host's beacon process hears. Sent when a silence begins, grows (every beacon period) or ends, and once a second otherwise.
/// </summary>
/// <param name="OwnStall">Longest gap in the beacon's own loop during the last two seconds. A stalled observer does not accuse.</param>
/// <param name="Peers">One entry per configured peer, ordered by host.</param>
public sealed record BeaconReport(TimeSpan OwnStall, ValueList<PeerSight> Peers)
{
    /// <summary>This host's own lease, and its beacon as a keeper.</summary>
    public OwnLease Lease { get; init; } = OwnLease.None;

    /// <summary>Peers that are heard, but not over every network they share with us, ordered by host and network.</summary>
    public ValueList<QuietNetwork> Quiet { get; init; }

    /// <summary>How well the beacon's own loop keeps time; null from a build that does not say.</summary>
    public LoopFigures? Loop { get; init; }

    /// <summary>The greatest age of its lease since its beacon began; null when it kept none, or its build does not say.</summary>
    public TimeSpan? OldestLease { get; init; }

    /// <summary>What was heard of hosts whose watchdog was measured, ordered by host and session.</summary>
    public ValueList<HeardUnfed> Unfed { get; init; }

    /// <summary>How long this host has slept since its beacon began; null from a build that does not say.</summary>
    public TimeSpan? Slept { get; init; }

    /// <summary>How fast the peers' clocks run against this host's, of those that were heard for five minutes, ordered by host.</summary>
    public ValueList<ClockReading> Clocks { get; init; }
}

/// <summary>The rate of a peer's clock.</summary>
/// <param name="Ppm">By so many millionth parts this host's clock runs faster than the peer's; slower when negative.</param>
/// <param name="Over">The time over which that was seen.</param>
public readonly record struct ClockReading(HostId Peer, double Ppm, TimeSpan Over);

/// <summary>What one observer heard of a host that had stopped to feed its watchdog.</summary>
/// <param name="Last">How long it was unfed when its last beacon left.</param>
/// <param name="Beacons">How many such beacons came.</param>
/// <param name="Gap">The longest time between two of them.</param>
public readonly record struct HeardUnfed(HostId Host, SessionId Session, TimeSpan Last, int Beacons, TimeSpan Gap);

/// <summary>What the local beacon knows of one peer.</summary>
/// <param name="Session">The session its last beacon carried; null when it was never heard since this beacon started.</param>
/// <param name="Silence">Since its last valid beacon on any network; since the beacon started when it was never heard.</param>
/// <param name="HostAnswers">In the last 3 s of silence its kernel refused our beacon (port unreachable): process dead, host alive.</param>
/// <param name="AgentAlive">Its last beacon said that its agent makes progress.</param>
/// <param name="Hears">How long each other host has been silent to that peer, as its last beacon said.</param>
public sealed record PeerSight(
    HostId Host, SessionId? Session, TimeSpan Silence, bool HostAnswers, bool AgentAlive, ValueList<PeerOpinion> Hears)
{
    /// <summary>The session that has crashed, as its crash kernel says, while the host was not heard since; null when none.</summary>
    public SessionId? Crashed { get; init; }

    /// <summary>What it hears of a host; null when it has no opinion.</summary>
    public PeerOpinion? OpinionOf(HostId host)
    {
        foreach (var opinion in Hears.AsSpan())
        {
            if (opinion.Host == host)
                return opinion;
        }

        return null;
    }
}

/// <summary>
/// How long <paramref name="Host"/> has been silent in somebody's ears, in 50 ms steps, at most 12.6 s. Who never heard it has no opinion.
/// </summary>
public readonly record struct PeerOpinion(HostId Host, TimeSpan Silence)
{
    private static readonly TimeSpan Answers = BeaconPacket.SilenceStep * BeaconPacket.KernelAnswers;

    /// <summary>It is silent there, but its kernel answers: the beacon is dead, the host is not.</summary>
    public bool HostAnswers => Silence == Answers;
}

/// <summary>What the agent tells its beacon: who it is, whom to send to, and which guests need a start token.</summary>
/// <param name="Session">Null until this boot has joined: nothing is sent and every protected start is refused.</param>
/// <param name="Protected">UUIDs of all protected guests of the cluster: starting one needs a token (S4).</param>
public sealed record BeaconSetup(
    HostId Self,
    int Number,
    SessionId? Session,
    ValueList<string> Addresses,
    ValueList<BeaconPeer> Peers,
    ValueList<ProtectedGuest> Protected)
{
    /// <summary>Who keeps the leases.</summary>
    public KeeperDuty Keepers { get; init; } = KeeperDuty.None;

    /// <summary>The lease this host is to keep; null when none is in force.</summary>
    public LeaseTerms? Lease { get; init; }
}

/// <summary>A peer to send beacons to. Addresses stand in the same order of networks as the own ones.</summary>
public sealed record BeaconPeer(HostId Host, int Number, ValueList<string> Addresses);

/// <summary>A protected guest and who owns it, so that a refused start can say so.</summary>
public sealed record ProtectedGuest(GroupId Group, string Uuid, string Standing);
