using Mainstay.Core.Lease;

namespace Mainstay.Core.Membership;

/// <summary>
/// Whether two beacon reports say the same to every decision. Silences differ in every report; what matters is on which side of the limits
/// they are, and all limits lie between the two bounds here (<c>SameNewsTests</c>). Whatever else a report holds must be equal.
/// </summary>
internal static class SameNews
{
    /// <summary>Below every limit: heard.</summary>
    public static readonly TimeSpan Heard = TimeSpan.FromMilliseconds(250);

    /// <summary>Above every limit on silence, and below the longest that an opinion can state.</summary>
    public static readonly TimeSpan LongSilent = TimeSpan.FromSeconds(12);

    public static bool Between(BeaconReport one, BeaconReport other)
    {
        if (one.Peers.Count != other.Peers.Count || one.OwnStall > BeaconTable.StallLimit || other.OwnStall > BeaconTable.StallLimit)
            return false;
        for (var i = 0; i < one.Peers.Count; i++)
        {
            if (!AreAlike(one.Peers[i], other.Peers[i]))
                return false;
        }

        if (ReferenceEquals(one, other))
            return one.Lease.State != LeaseState.Frozen;
        return AreAlike(one.Lease, other.Lease) && Rest(one) == Rest(other);
    }

    /// <summary>Without what was compared already, and without figures that are shown to people and that no decision reads.</summary>
    private static BeaconReport Rest(BeaconReport report) =>
        report with { OwnStall = TimeSpan.Zero, Peers = [], Lease = OwnLease.None, Loop = null, OldestLease = null, Unfed = [] };

    // While it is frozen, the age of the lease says when guests are to shut down in order.
    private static bool AreAlike(OwnLease one, OwnLease other) =>
        one.State != LeaseState.Frozen && one with { Age = null } == other with { Age = null };

    private static bool AreAlike(PeerSight one, PeerSight other)
    {
        if (!AreAlike(one.Silence, other.Silence) || one.Hears.Count != other.Hears.Count)
            return false;
        for (var i = 0; i < one.Hears.Count; i++)
        {
            if (one.Hears[i].Host != other.Hears[i].Host || one.Hears[i].HostAnswers != other.Hears[i].HostAnswers
                || !AreAlike(one.Hears[i].Silence, other.Hears[i].Silence))
                return false;
        }

        if (ReferenceEquals(one, other))
            return true;
        return one with { Silence = TimeSpan.Zero, Hears = [] } == other with { Silence = TimeSpan.Zero, Hears = [] };
    }

    private static bool AreAlike(TimeSpan one, TimeSpan other) =>
        (one < Heard && other < Heard) || (one >= LongSilent && other >= LongSilent);
}
