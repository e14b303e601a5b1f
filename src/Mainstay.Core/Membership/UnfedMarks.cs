using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>
/// What a beacon heard of hosts that have stopped to feed their watchdog: the last word before the reset. Kept until room is needed, so
/// that the host can ask for it when it is back. Does not allocate.
/// </summary>
public sealed class UnfedMarks
{
    private const int Room = 8;

    private readonly Mark[] marks = new Mark[Room];

    public int Count { get; private set; }

    public void Heard(in BeaconPacket packet, Instant now)
    {
        if (packet.Unfed is not { } unfed)
            return;
        ref var mark = ref marks[PlaceOf(packet.Host, packet.Session)];
        if (mark.Session != packet.Session || mark.Host != packet.Host || unfed < mark.Unfed)
            mark = new Mark { Host = packet.Host, Session = packet.Session };
        else if (now - mark.At > mark.Gap)
            mark.Gap = now - mark.At;
        (mark.Unfed, mark.At) = (unfed, now);
        mark.Beacons++;
    }

    public (int Host, ulong Session, TimeSpan Last, int Beacons, TimeSpan Gap) this[int index] => (
        marks[index].Host, marks[index].Session, TimeSpan.FromMilliseconds(marks[index].Unfed), marks[index].Beacons, marks[index].Gap);

    /// <summary>That of this life of the host, else a free one, else the one that was written longest ago.</summary>
    private int PlaceOf(int host, ulong session)
    {
        var oldest = 0;
        for (var i = 0; i < Count; i++)
        {
            if (marks[i].Host == host && marks[i].Session == session)
                return i;
            if (marks[i].At < marks[oldest].At)
                oldest = i;
        }

        return Count < Room ? Count++ : oldest;
    }

    private struct Mark
    {
        public int Host;
        public ulong Session;
        public uint Unfed;
        public Instant At;
        public int Beacons;
        public TimeSpan Gap;
    }
}
