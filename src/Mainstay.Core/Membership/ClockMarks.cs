using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>
/// How fast the clocks of the peers run against the own one, from the times that stand in their beacons. No clock; no allocation after
/// <see cref="SetUp"/>.
/// </summary>
public sealed class ClockMarks
{
    private Peer[] peers = [];

    public int Count => peers.Length;

    /// <summary>Replaces whom we listen to. What is known of peers that stay is kept.</summary>
    public void SetUp(BeaconSetup setup) =>
        peers = setup.Peers.OrderBy(peer => peer.Host)
            .Select(peer => Array.Find(peers, known => known.Host == peer.Host && known.Number == peer.Number)
                ?? new Peer(peer.Host, peer.Number)).ToArray();

    /// <summary>A beacon that was news. One without its sender's time says nothing.</summary>
    public void Heard(in BeaconPacket packet, Instant now)
    {
        if (packet.Sent is not { } sent)
            return;
        foreach (var peer in peers)
        {
            if (peer.Number == packet.Host)
                peer.Hear(packet.Session, sent, now);
        }
    }

    public int NumberOf(int peer) => peers[peer].Number;

    /// <summary>
    /// By how much the own clock runs faster than the peer's, millionth parts, and over which time that was seen; null while it was not
    /// heard for long enough, or is not heard any more.
    /// </summary>
    public (double Ppm, TimeSpan Over)? RateOf(int peer, Instant now) => peers[peer].Rate(now);

    private sealed class Peer(HostId host, int number)
    {
        private readonly ClockRate rate = new();
        private ulong session;

        public HostId Host => host;

        public int Number => number;

        // A new session may be a new boot, whose clock begins anew.
        public void Hear(ulong of, long sent, Instant now)
        {
            if (of != session)
                rate.Reset();
            session = of;
            rate.Note(sent, now.SinceOrigin.Ticks);
        }

        public (double Ppm, TimeSpan Over)? Rate(Instant now) => rate.At(now.SinceOrigin.Ticks);
    }
}
