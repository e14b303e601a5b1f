using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Contracts.Beacon;

/// <summary>The beacon's report on the wire: written straight from its table without allocation, read into the node's record.</summary>
public static class ReportFrame
{
    private const byte HostAnswersFlag = 1;
    private const byte AgentAliveFlag = 2;
    private const byte CrashedFlag = 4;
    private const uint Unknown = uint.MaxValue;

    public static void Write(
        ref WireWriter writer,
        BeaconTable table,
        BeaconLease lease,
        TimeSpan? watchdog,
        bool armed,
        int paused,
        LoopFigures loop,
        Instant now,
        NetworkEars? ears = null,
        UnfedMarks? unfed = null,
        TimeSpan? oldestLease = null,
        ClockMarks? clocks = null,
        TimeSpan? slept = null)
    {
        writer.UInt32(Milliseconds(table.OwnStall(now)));
        writer.Text(table.Self.Name);
        writer.UInt16(table.SelfNumber);
        writer.UInt16((ushort)table.PeerCount);
        for (var i = 0; i < table.PeerCount; i++)
        {
            var peer = table.PeerAt(i, now);
            writer.Text(peer.Host.Name);
            writer.UInt16(peer.Number);
            writer.UInt64(peer.Session);
            writer.UInt32(Milliseconds(peer.Silence));
            var crashed = peer.Crashed != 0 ? CrashedFlag : 0;
            writer.Byte((byte)((peer.HostAnswers ? HostAnswersFlag : 0) | (peer.AgentAlive ? AgentAliveFlag : 0) | crashed));
            if (crashed != 0)
                writer.UInt64(peer.Crashed);
            writer.Byte((byte)peer.Opinions.Length);
            foreach (var opinion in peer.Opinions)
            {
                writer.UInt16(opinion.Host);
                writer.Byte(opinion.Silence);
            }
        }

        LeaseFrame.WriteOwn(ref writer, lease, watchdog, armed, paused, now);
        WriteQuiet(ref writer, ears, now);
        writer.UInt64((ulong)loop.WakeUps);
        writer.UInt32(Microseconds(loop.Median));
        writer.UInt32(Microseconds(loop.P99));
        writer.UInt32(Microseconds(loop.P999));
        writer.UInt32(Microseconds(loop.Longest));
        writer.UInt64((ulong)loop.AllocatedBytes);
        writer.UInt32((uint)loop.Collections);
        writer.UInt64((ulong)lease.Life.Expiries);
        WriteUnfed(ref writer, unfed);
        writer.UInt32(oldestLease is { } oldest ? Milliseconds(oldest) : Unknown);
        ClockFrame.Write(ref writer, clocks, slept, now);
    }

    private static void WriteUnfed(ref WireWriter writer, UnfedMarks? unfed)
    {
        writer.UInt16((ushort)(unfed?.Count ?? 0));
        for (var i = 0; i < (unfed?.Count ?? 0); i++)
        {
            var (host, session, last, beacons, gap) = unfed?[i] ?? default;
            writer.UInt16((ushort)host);
            writer.UInt64(session);
            writer.UInt32(Milliseconds(last));
            writer.UInt32((uint)beacons);
            writer.UInt32(Milliseconds(gap));
        }
    }

    // A beacon of an earlier version ends its report before this. A host that is no peer any more has no name.
    private static ValueList<HeardUnfed> ReadUnfed(ref WireReader reader, Dictionary<ushort, HostId> names)
    {
        if (reader.AtEnd)
            return [];
        var heard = new List<HeardUnfed>();
        for (var left = reader.Count(AgentFrame.MaxPeers); left > 0; left--)
        {
            var (number, session) = (reader.UInt16(), reader.UInt64());
            var (last, beacons, gap) = (reader.UInt32(), reader.UInt32(), reader.UInt32());
            if (names.TryGetValue(number, out var host))
            {
                heard.Add(new HeardUnfed(
                    host, new SessionId(session), TimeSpan.FromMilliseconds(last), (int)beacons, TimeSpan.FromMilliseconds(gap)));
            }
        }

        return heard.OrderBy(one => one.Host).ThenBy(one => one.Session.Number).ToValueList();
    }

    private static void WriteQuiet(ref WireWriter writer, NetworkEars? ears, Instant now)
    {
        var count = 0;
        for (var i = 0; i < (ears?.PeerCount ?? 0); i++)
        {
            for (var network = 0; network < ears?.NetworksOf(i); network++)
                count += ears.IsQuiet(i, network, now) ? 1 : 0;
        }

        writer.UInt16((ushort)count);
        for (var i = 0; i < (ears?.PeerCount ?? 0); i++)
        {
            for (var network = 0; network < ears?.NetworksOf(i); network++)
            {
                if (!ears.IsQuiet(i, network, now))
                    continue;
                writer.UInt16(ears.NumberOf(i));
                writer.Byte((byte)network);
            }
        }
    }

    // A beacon of an earlier version ends its report before this.
    private static ValueList<QuietNetwork> ReadQuiet(ref WireReader reader, Dictionary<ushort, HostId> names)
    {
        if (reader.AtEnd)
            return [];
        var quiet = new List<QuietNetwork>();
        for (var left = reader.Count(AgentFrame.MaxPeers * 4); left > 0; left--)
        {
            var (number, network) = (reader.UInt16(), reader.Byte());
            if (names.TryGetValue(number, out var host))
                quiet.Add(new QuietNetwork(host, network));
        }

        return quiet.ToValueList();
    }

    /// <summary>Null when it is cut short.</summary>
    public static BeaconReport? Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var stall = TimeSpan.FromMilliseconds(reader.UInt32());
        var names = new Dictionary<ushort, HostId>();
        var self = new HostId(reader.Text());
        names[reader.UInt16()] = self;
        var sights = new PeerSight[reader.Count(AgentFrame.MaxPeers)];
        var said = new BeaconOpinion[sights.Length][];
        for (var i = 0; i < sights.Length; i++)
        {
            var host = new HostId(reader.Text());
            names[reader.UInt16()] = host;
            var session = reader.UInt64();
            var silence = TimeSpan.FromMilliseconds(reader.UInt32());
            var flags = reader.Byte();
            var crashed = (flags & CrashedFlag) != 0 ? reader.UInt64() : 0;
            sights[i] = new PeerSight(host, session == 0 ? null : new SessionId(session), silence,
                (flags & HostAnswersFlag) != 0, (flags & AgentAliveFlag) != 0, [])
            {
                Crashed = crashed == 0 ? null : new SessionId(crashed),
            };
            said[i] = new BeaconOpinion[reader.Byte()];
            for (var j = 0; j < said[i].Length; j++)
                said[i][j] = new BeaconOpinion(reader.UInt16(), reader.Byte());
        }

        var lease = LeaseFrame.ReadOwn(ref reader);
        var quiet = ReadQuiet(ref reader, names);
        LoopFigures? loop = reader.AtEnd ? null : ReadLoop(ref reader);
        lease = lease with { Expiries = reader.AtEnd ? 0 : (long)reader.UInt64() };
        var unfed = ReadUnfed(ref reader, names);
        var oldest = reader.AtEnd ? Unknown : reader.UInt32();
        var (slept, clocks) = ClockFrame.Read(ref reader, names);
        if (reader.Failed)
            return null;
        for (var i = 0; i < sights.Length; i++)
            sights[i] = sights[i] with { Hears = Named(said[i], names) };
        return new BeaconReport(stall, ValueList.Create<PeerSight>(sights))
        {
            Lease = lease, Quiet = quiet, Loop = loop, Unfed = unfed, OldestLease = Span(oldest), Slept = slept, Clocks = clocks,
        };
    }

    private static LoopFigures ReadLoop(ref WireReader reader) => new(
        (long)reader.UInt64(),
        TimeSpan.FromMicroseconds(reader.UInt32()),
        TimeSpan.FromMicroseconds(reader.UInt32()),
        TimeSpan.FromMicroseconds(reader.UInt32()),
        TimeSpan.FromMicroseconds(reader.UInt32()),
        (long)reader.UInt64(),
        (int)reader.UInt32());

    private static ValueList<PeerOpinion> Named(BeaconOpinion[] said, Dictionary<ushort, HostId> names) => said
        .Where(opinion => opinion.Silence != BeaconPacket.NeverHeard && names.ContainsKey(opinion.Host))
        .Select(opinion => new PeerOpinion(names[opinion.Host], BeaconPacket.SilenceStep * opinion.Silence))
        .OrderBy(opinion => opinion.Host)
        .ToValueList();

    private static TimeSpan? Span(uint milliseconds) => milliseconds == Unknown ? null : TimeSpan.FromMilliseconds(milliseconds);

    private static uint Microseconds(TimeSpan span) => (uint)Math.Clamp(span.TotalMicroseconds, 0, uint.MaxValue);

    private static uint Milliseconds(TimeSpan span) => (uint)Math.Clamp(span.TotalMilliseconds, 0, uint.MaxValue);
}
