using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>Opinions as they travel in beacons, made readable for the node.</summary>
internal static class PeerOpinions
{
    /// <summary>Ordered by host. Who is unknown here is left out, and so is who was never heard: that is no opinion.</summary>
    public static ValueList<PeerOpinion> Of(ReadOnlySpan<BeaconOpinion> opinions, BeaconTable table)
    {
        var said = new PeerOpinion[opinions.Length];
        var (count, ordered) = (0, true);
        foreach (var opinion in opinions)
        {
            if (opinion.Silence == BeaconPacket.NeverHeard || table.HostOf(opinion.Host) is not { } host)
                continue;
            ordered &= count == 0 || said[count - 1].Host.CompareTo(host) <= 0;
            said[count++] = new PeerOpinion(host, TimeSpan.FromTicks(BeaconPacket.SilenceStep.Ticks * opinion.Silence));
        }

        Array.Resize(ref said, count);
        if (!ordered)
            Array.Sort(said, static (a, b) => a.Host.CompareTo(b.Host));
        return new ValueList<PeerOpinion>(said);
    }
}
