using System.Security.Cryptography;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

public sealed class BeaconFormatTests
{
    private const int UnfedBytes = sizeof(ushort) + 22 + sizeof(uint);
    private const int LoopBytes = 36;
    private const int ClockBytes = sizeof(uint) + sizeof(ushort) + 8;

    private static readonly LoopFigures Loop = new(
        90_000, TimeSpan.FromMicroseconds(20), TimeSpan.FromMicroseconds(160), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(22),
        123_456, 1);

    private readonly BeaconSeal seal = new(RandomNumberGenerator.GetBytes(BeaconSeal.KeyBytes));

    [Fact]
    public void A_beacon_reads_as_it_was_written()
    {
        var buffer = new byte[BeaconSeal.MaxBytes];
        var written = Sample(BeaconPacket.MaxOpinions);
        var length = seal.Write(written, buffer);
        var read = default(BeaconPacket);
        Assert.Equal(BeaconRefusal.None, seal.Read(buffer.AsSpan(0, length), ref read));
        Assert.Equal((written.Host, written.Session, written.Sequence, written.AgentAlive, written.Unfed, written.Sent),
            (read.Host, read.Session, read.Sequence, read.AgentAlive, read.Unfed, read.Sent));
        (written.Unfed, written.Sent) = (null, null);
        Assert.Equal(BeaconRefusal.None, seal.Read(buffer.AsSpan(0, seal.Write(written, buffer)), ref read));
        Assert.Equal((null, null), (read.Unfed, read.Sent));
        Assert.Equal(written.Opinions.ToArray(), read.Opinions.ToArray());
        Assert.Equal(written.Acknowledgements.ToArray(), read.Acknowledgements.ToArray());
    }

    [Fact]
    public void Every_changed_byte_and_every_cut_is_noticed()
    {
        var buffer = new byte[BeaconSeal.MaxBytes];
        var length = seal.Write(Sample(3), buffer);
        var read = default(BeaconPacket);
        for (var i = 0; i < length; i++)
        {
            buffer[i] ^= 0x10;
            Assert.NotEqual(BeaconRefusal.None, seal.Read(buffer.AsSpan(0, length), ref read));
            buffer[i] ^= 0x10;
            Assert.Equal(BeaconRefusal.Malformed, seal.Read(buffer.AsSpan(0, i), ref read));
        }

        Assert.Equal(BeaconRefusal.Malformed, seal.Read(buffer.AsSpan(0, length + 1), ref read));
        Assert.Equal(0, read.Host);
        var other = new BeaconSeal(RandomNumberGenerator.GetBytes(BeaconSeal.KeyBytes));
        Assert.Equal(BeaconRefusal.OtherCluster, other.Read(buffer.AsSpan(0, length), ref read));
    }

    [Fact]
    public void Sealing_and_reading_allocate_nothing()
    {
        var buffer = new byte[BeaconSeal.MaxBytes];
        var packet = Sample(4);
        var read = default(BeaconPacket);
        seal.Read(buffer.AsSpan(0, seal.Write(packet, buffer)), ref read);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            seal.Read(buffer.AsSpan(0, seal.Write(packet, buffer)), ref read);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_setup_reads_as_it_was_written_and_no_cut_one_is_taken()
    {
        var setup = new BeaconSetup(new HostId("n1"), 1, new SessionId(5), ["10.0.0.1", "fd00::1"],
            [new(new HostId("n2"), 2, ["10.0.0.2", "fd00::2"])], [new(new GroupId("web"), "u-1", "owned by n2 (epoch 3)")])
        {
            Keepers = new KeeperDuty(4, [1, 2, 3], [1, 2, 5], 77),
            Lease = new LeaseTerms(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3.6)),
        };
        var buffer = new byte[4096];
        var writer = new WireWriter(buffer);
        AgentFrame.WriteSetUp(ref writer, setup);
        var whole = new WireReader(writer.Written);
        Assert.Equal(setup, AgentFrame.ReadSetUp(ref whole));
        Assert.True(whole.AtEnd);
        for (var i = 0; i < writer.Length; i++)
        {
            var cut = new WireReader(writer.Written[..i]);
            Assert.Null(AgentFrame.ReadSetUp(ref cut));
        }
    }

    [Fact]
    public void A_report_written_from_the_table_equals_the_one_the_simulator_builds()
    {
        var table = new BeaconTable(Timing.For(TimingProfile.Balanced));
        var now = Instant.Origin + TimeSpan.FromSeconds(3);
        var lease = new BeaconLease(77, now);
        var empty = new WireWriter(new byte[128]);
        ReportFrame.Write(ref empty, table, lease, null, armed: false, 0, Loop, now);
        var nothing = new BeaconReport(TimeSpan.Zero, []) { Lease = lease.View(null, 0, now) };
        Assert.Equal(nothing with { Loop = Loop }, ReportFrame.Read(empty.Written));
        var setup = new BeaconSetup(
            new HostId("n1"), 1, new SessionId(5), [], [new(new HostId("n3"), 3, []), new(new HostId("n2"), 2, [])], [])
        {
            Keepers = new KeeperDuty(4, [1, 2, 3], [], 77),
            Lease = new LeaseTerms(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3.6)),
        };
        table.SetUp(setup, now);
        lease.SetUp(setup);
        var packet = new BeaconPacket { Host = 2, Session = 9, Sequence = 1, AgentAlive = true };
        packet.Add(new BeaconOpinion(3, 8));
        packet.Add(new BeaconOpinion(1, 0));
        packet.Add(new BeaconOpinion(17, 0));
        table.Receive(packet, now);
        now += TimeSpan.FromMilliseconds(400);
        table.HostAnswered(3, now);
        var writer = new WireWriter(new byte[4096]);
        var reset = TimeSpan.FromSeconds(3.6);
        packet.Unfed = 700;
        var marks = new UnfedMarks();
        marks.Heard(packet, now);
        var clocks = FiveMinutes(setup, packet, now);
        var (oldest, slept) = (TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(7));
        ReportFrame.Write(ref writer, table, lease, reset, armed: true, 2, Loop, now, null, marks, oldest, clocks, slept);
        var told = table.BuildReport(now) with
        {
            Lease = lease.View(reset, 2, now),
            Loop = Loop,
            Unfed = [new(new HostId("n2"), new SessionId(9), TimeSpan.FromMilliseconds(700), 1, TimeSpan.Zero)],
            OldestLease = oldest,
            Slept = slept,
            Clocks = ReportFrame.Read(writer.Written)?.Clocks ?? [],
        };
        Assert.Equal(told, ReportFrame.Read(writer.Written));
        Assert.Equal((new HostId("n2"), -500), (told.Clocks[0].Peer, Math.Round(told.Clocks[0].Ppm)));
        Assert.InRange(told.Clocks[0].Over.TotalSeconds, 290, 320);

        OlderOnesAreUnderstood(told, writer);
    }

    private static void OlderOnesAreUnderstood(BeaconReport told, WireWriter writer)
    {
        // Older beacons end before the clocks, the age, the unfed, the expiries, the figures of their loop, or the networks: an agent that
        // was upgraded first understands them.
        var sleptAt = writer.Length - ClockBytes;
        var (age, unfedAt) = (sleptAt - sizeof(uint), sleptAt - UnfedBytes);
        var loop = unfedAt - sizeof(long) - LoopBytes;
        int[] older = [sleptAt, age, unfedAt, unfedAt - sizeof(long), loop, loop - sizeof(ushort)];
        for (var i = 0; i < writer.Length; i++)
        {
            if (older.Contains(i))
            {
                var kept = told with
                {
                    Loop = i > loop ? Loop : null, Unfed = i >= age ? told.Unfed : [], OldestLease = i >= sleptAt ? told.OldestLease : null,
                    Slept = null, Clocks = [],
                };
                Assert.Equal(kept, ReportFrame.Read(writer.Written[..i]));
            }
            else
                Assert.Null(ReportFrame.Read(writer.Written[..i]));
        }
    }

    [Fact]
    public void Frames_are_split_wherever_the_stream_was_cut()
    {
        var writer = new WireWriter(new byte[256]);
        AgentFrame.Begin(ref writer, FrameKind.Acknowledged);
        AgentFrame.WriteAcknowledged(ref writer, 7, true, "why");
        Assert.True(AgentFrame.End(ref writer));
        for (var i = 0; i < writer.Length; i++)
            Assert.Null(AgentFrame.Split(writer.Written[..i], out _, out _));
        Assert.Equal(FrameKind.Acknowledged, AgentFrame.Split(writer.Written, out var body, out var taken));
        Assert.Equal(writer.Length, taken);
        Assert.Equal((7u, true, "why"), AgentFrame.ReadAcknowledged(body));
        Assert.Equal(FrameKind.None, AgentFrame.Split([0, 0, 0, 2, 99, 1], out _, out _));
        Assert.Equal(FrameKind.None, AgentFrame.Split([255, 0, 0, 2, 1, 1], out _, out _));
    }

    [Fact]
    public void The_list_of_protected_guests_is_searched_by_uuid_then_by_name()
    {
        var text = ProtectedList.Write([new(new GroupId("web"), "u-1", "owned by n2"), new(new GroupId("db"), "u-2", "not\towned\n")]);
        Assert.Equal("owned by n2", ProtectedList.Find(text, "U-1", "anything")?.Standing);
        Assert.Equal("db", ProtectedList.Find(text, "u-2", "web")?.Group.Name);
        Assert.Equal("u-2", ProtectedList.Find(text, "", "db")?.Uuid);
        Assert.Null(ProtectedList.Find(text, "u-3", "other"));
        Assert.Null(ProtectedList.Find("", "u-3", "other"));
    }

    private static ClockMarks FiveMinutes(BeaconSetup setup, BeaconPacket packet, Instant until)
    {
        var clocks = new ClockMarks();
        clocks.SetUp(setup);
        for (var i = 0; i < 320; i++)
        {
            packet.Sent = TimeSpan.FromSeconds(i).Ticks;
            clocks.Heard(packet, until + TimeSpan.FromSeconds((i - 320) * 0.9995));
        }

        return clocks;
    }

    private static BeaconPacket Sample(int opinions)
    {
        var packet = new BeaconPacket { Host = 3, Session = 0x1122334455667788, Sequence = 42, AgentAlive = true };
        (packet.Unfed, packet.Sent) = (5100, 1L << 60);
        for (var i = 0; i < opinions; i++)
        {
            packet.Add(new BeaconOpinion((ushort)(1000 + i), (byte)i));
            packet.Add(new BeaconAcknowledgement((ushort)(1000 + i), 0xfffffff0 + (uint)i));
        }

        return packet;
    }
}
