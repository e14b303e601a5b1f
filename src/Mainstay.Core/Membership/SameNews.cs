using Mainstay.Core.Fencing;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>
/// Whether two beacon reports say the same to every decision. Silences differ in every report; what matters is between which limits they
/// are (<c>SameNewsTests</c>). Whatever else a report holds must be equal, but for figures that are shown to people and that no decision
/// reads.
/// </summary>
internal static class SameNews
{
    /// <summary>Below every limit: heard.</summary>
    public static readonly TimeSpan Heard = TimeSpan.FromMilliseconds(250);

    public static bool Between(BeaconReport one, BeaconReport other, Timing timing)
    {
        if (one.Peers.Count != other.Peers.Count || one.OwnStall > BeaconTable.StallLimit || other.OwnStall > BeaconTable.StallLimit)
            return false;
        var here = one.Peers.AsSpan();
        var there = other.Peers.AsSpan();
        for (var i = 0; i < here.Length; i++)
        {
            if (!AreAlike(here[i], there[i], timing))
                return false;
        }

        if (ReferenceEquals(one, other))
            return one.Lease.State != LeaseState.Frozen;
        return AreAlike(one.Lease, other.Lease) && one.Quiet == other.Quiet;
    }

    /// <summary>No silence crosses a limit before the next report: everybody is heard, or silent for longer than any limit.</summary>
    public static bool IsSteady(BeaconReport report, Timing timing)
    {
        foreach (var peer in report.Peers.AsSpan())
        {
            if (Band(peer.Silence, timing) is not (0 or 4))
                return false;
        }

        return true;
    }

    // While it is frozen, the age of the lease says when guests are to shut down in order.
    private static bool AreAlike(OwnLease one, OwnLease other) =>
        one.State != LeaseState.Frozen && one.State == other.State && one.Incarnation == other.Incarnation
        && one.Watchdog == other.Watchdog && one.InForce == other.InForce && one.KeepersEpoch == other.KeepersEpoch
        && one.Paused == other.Paused && one.Expiries == other.Expiries;

    private static bool AreAlike(PeerSight one, PeerSight other, Timing timing)
    {
        if (one.Host != other.Host || one.Session != other.Session || one.HostAnswers != other.HostAnswers
            || one.AgentAlive != other.AgentAlive || one.Crashed != other.Crashed
            || !AreAlike(one.Silence, other.Silence, timing) || one.Hears.Count != other.Hears.Count)
            return false;
        var here = one.Hears.AsSpan();
        var there = other.Hears.AsSpan();
        for (var i = 0; i < here.Length; i++)
        {
            if (here[i].Host != there[i].Host || here[i].HostAnswers != there[i].HostAnswers
                || !AreAlike(here[i].Silence, there[i].Silence, timing))
                return false;
        }

        return true;
    }

    // Who is not heard and not yet silent is about to cross a limit.
    private static bool AreAlike(TimeSpan one, TimeSpan other, Timing timing) =>
        Band(one, timing) is var band and not 1 && band == Band(other, timing);

    private static int Band(TimeSpan silence, Timing timing) =>
        silence < Heard ? 0
        : silence < timing.SuspectAfter ? 1
        : silence < timing.CommitAfter - FenceBrakes.OpinionLag ? 2
        : silence < timing.CommitAfter ? 3
        : 4;
}
