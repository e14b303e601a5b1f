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
        Assert.Equal((written.Host, written.Session, written.Sequence, written.AgentAlive, written.Unfed),
            (read.Host, read.Session, read.Sequence, read.AgentAlive, read.Unfed));
        written.Unfed = null;
        Assert.Equal(BeaconRefusal.None, seal.Read(buffer.AsSpan(0, seal.Write(written, buffer)), ref read));
        Assert.Null(read.Unfed);
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
        ReportFrame.Write(ref writer, table, lease, reset, armed: true, 2, Loop, now, unfed: marks, oldestLease: TimeSpan.FromSeconds(4));
        var told = table.BuildReport(now) with
        {
            Lease = lease.View(reset, 2, now),
            Loop = Loop,
            Unfed = [new(new HostId("n2"), new SessionId(9), TimeSpan.FromMilliseconds(700), 1, TimeSpan.Zero)],
            OldestLease = TimeSpan.FromSeconds(4),
        };
        Assert.Equal(told, ReportFrame.Read(writer.Written));

        // Older beacons end before the age, the unfed, the expiries, the figures of their loop, or the networks: an agent that was upgraded
        // first understands them.
        var (age, unfedAt) = (writer.Length - sizeof(uint), writer.Length - UnfedBytes);
        var loop = unfedAt - sizeof(long) - LoopBytes;
        int[] older = [age, unfedAt, unfedAt - sizeof(long), loop, loop - sizeof(ushort)];
        for (var i = 0; i < writer.Length; i++)
        {
            if (older.Contains(i))
            {
                var kept = told with { Loop = i > loop ? Loop : null, Unfed = i >= age ? told.Unfed : [], OldestLease = null };
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

    private static BeaconPacket Sample(int opinions)
    {
        var packet = new BeaconPacket { Host = 3, Session = 0x1122334455667788, Sequence = 42, AgentAlive = true, Unfed = 5100 };
        for (var i = 0; i < opinions; i++)
        {
            packet.Add(new BeaconOpinion((ushort)(1000 + i), (byte)i));
            packet.Add(new BeaconAcknowledgement((ushort)(1000 + i), 0xfffffff0 + (uint)i));
        }

        return packet;
    }
}
