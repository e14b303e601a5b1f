using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Core.Tests.Membership;

public sealed class BeaconTableTests
{
    private static readonly Timing Limits = Timing.For(TimingProfile.Balanced);

    private readonly BeaconTable table = new(Limits);
    private ulong sequence = 1000;

    public BeaconTableTests()
    {
        table.SetUp(Setup("n1", 1, 77, ("n2", 2), ("n3", 3)), At(0));
        table.Loop(At(0));
    }

    [Fact]
    public void A_peer_that_was_heard_is_reported_with_its_session()
    {
        Hear(2, 0xb, 10);
        var sight = Report(10).Peers[0];
        Assert.Equal(new PeerSight(new HostId("n2"), new SessionId(0xb), TimeSpan.Zero, false, true, []), sight);
        Assert.Null(Report(10).Peers[1].Session);
    }

    [Fact]
    public void Silence_is_reported_when_it_begins_each_period_while_it_lasts_and_when_it_ends()
    {
        Run(0, 1000, 2, 3);
        Drain(1000);
        var reports = Run(1010, 2000, 3);
        Assert.InRange(reports.Count, 7, 9);
        Assert.InRange(reports[0].Peers[0].Silence.TotalMilliseconds, 300, 320);
        Assert.True(Hear(2, 0xb, 2005) == BeaconVerdict.Accepted);
        Assert.True(table.ReportDue(At(2005)));
        Assert.Equal(TimeSpan.Zero, Report(2005).Peers[0].Silence);
    }

    [Fact]
    public void When_all_is_well_one_report_a_second_is_made()
    {
        Run(0, 1000, 2, 3);
        Drain(1000);
        Assert.InRange(Run(1010, 6000, 2, 3).Count, 4, 6);
    }

    [Fact]
    public void Copies_old_packets_and_strangers_are_not_news()
    {
        Assert.Equal(BeaconVerdict.Accepted, Hear(2, 0xb, 10, 500));
        Assert.Equal(BeaconVerdict.Copy, Hear(2, 0xb, 400, 500));
        Assert.Equal(BeaconVerdict.Old, Hear(2, 0xb, 400, 499));
        Assert.Equal(BeaconVerdict.Stranger, Hear(9, 0xb, 400, 501));
        Assert.Equal(BeaconVerdict.Stranger, Hear(1, 0xb, 400, 501));
        Assert.Equal(390, Report(400).Peers[0].Silence.TotalMilliseconds);
    }

    [Fact]
    public void A_new_session_replaces_a_silent_one_and_recordings_of_the_old_one_are_refused()
    {
        Hear(2, 0xa, 0, 500);
        Assert.Equal(BeaconVerdict.OtherSession, Hear(2, 0xb, 100, 1));
        Assert.Equal(BeaconVerdict.Accepted, Hear(2, 0xb, 160, 1));
        Assert.True(table.ReportDue(At(160)));
        Assert.Equal(BeaconVerdict.OtherSession, Hear(2, 0xa, 900, 500));
        Assert.Equal(BeaconVerdict.OtherSession, Hear(2, 0xa, 900, 3));
        Assert.Equal(new SessionId(0xb), Report(900).Peers[0].Session);
        Assert.Equal(740, Report(900).Peers[0].Silence.TotalMilliseconds);
    }

    [Fact]
    public void A_living_host_is_heard_again_although_a_recording_took_its_place_during_a_blip()
    {
        Hear(2, 0xa, 0, 500);
        Assert.Equal(BeaconVerdict.Accepted, Hear(2, 0x9, 400, 7));
        Assert.Equal(BeaconVerdict.Accepted, Hear(2, 0xa, 600, 501));
    }

    [Fact]
    public void A_stalled_observer_does_not_accuse()
    {
        Run(0, 1000, 2, 3);
        table.Loop(At(4000));
        var report = Report(4000);
        Assert.All(report.Peers, peer => Assert.InRange(peer.Silence.TotalMilliseconds, 0, 110));
        Assert.InRange(report.OwnStall.TotalMilliseconds, 2900, 3000);
        Assert.InRange(Report(5900).OwnStall.TotalMilliseconds, 2900, 3000);
        Assert.Equal(TimeSpan.Zero, Report(9000).OwnStall);
    }

    [Fact]
    public void A_stall_does_not_acquit_a_host_that_was_silent_before()
    {
        Run(0, 1000, 2, 3);
        Run(1010, 3000, 3);
        table.Loop(At(4000));
        Assert.InRange(Report(4000).Peers[0].Silence.TotalMilliseconds, 1950, 2110);
    }

    [Fact]
    public void A_refusal_counts_only_when_nothing_is_heard_and_not_for_ever()
    {
        Run(0, 1000, 2, 3);
        table.HostAnswered(2, At(1050));
        Assert.False(Report(1050).Peers[0].HostAnswers);
        Assert.False(Run(1010, 1100, 3).LastOrDefault()?.Peers[0].HostAnswers ?? false);

        // The kernel may not repeat it for a second, so it counts once a beacon is missing, however early it came.
        Run(1110, 1300, 3);
        Assert.True(Report(1300).Peers[0].HostAnswers);
        Assert.False(Run(1310, 4600, 3)[^1].Peers[0].HostAnswers);
    }

    [Fact]
    public void A_refusal_in_the_midst_of_a_silence_is_reported_at_once()
    {
        Run(0, 1000, 2, 3);
        Run(1010, 1300, 3);
        Drain(1300);
        table.HostAnswered(2, At(1310));
        Assert.True(table.ReportDue(At(1310)));
        Assert.True(Report(1310).Peers[0].HostAnswers);
    }

    [Fact]
    public void A_refusal_ends_when_the_beacon_is_heard_again()
    {
        table.HostAnswered(2, At(500));
        Assert.True(Report(500).Peers[0].HostAnswers);
        Hear(2, 0xb, 600);
        Assert.False(Report(600).Peers[0].HostAnswers);
    }

    [Fact]
    public void Opinions_are_kept_by_name_and_who_never_heard_has_none()
    {
        var packet = Packet(2, 0xb, 1);
        packet.Add(new BeaconOpinion(3, 7));
        packet.Add(new BeaconOpinion(1, 0));
        packet.Add(new BeaconOpinion(40, 9));
        Assert.Equal(BeaconVerdict.Accepted, table.Receive(packet, At(10)));
        Assert.Equal(
            [new(new HostId("n1"), TimeSpan.Zero), new(new HostId("n3"), TimeSpan.FromMilliseconds(350))],
            Report(10).Peers[0].Hears);
        packet = Packet(2, 0xb, 2);
        packet.Add(new BeaconOpinion(3, BeaconPacket.NeverHeard));
        table.Receive(packet, At(20));
        Assert.Empty(Report(20).Peers[0].Hears);
    }

    [Fact]
    public void The_own_beacon_says_what_is_heard_with_a_rising_sequence()
    {
        Hear(2, 0xb, 10);
        var packet = default(BeaconPacket);
        Assert.True(table.SendDue(At(130)));
        Assert.True(table.Fill(ref packet, true, At(130)));
        Assert.False(table.SendDue(At(131)));
        Assert.Equal((1, 77UL, true), (packet.Host, packet.Session, packet.AgentAlive));
        Assert.Equal([new BeaconOpinion(2, 2), new BeaconOpinion(3, BeaconPacket.NeverHeard)], packet.Opinions.ToArray());
        var first = packet.Sequence;
        table.Fill(ref packet, false, At(20_000));
        Assert.True(packet.Sequence > first);
        Assert.False(packet.AgentAlive);
        Assert.Equal(BeaconPacket.LongestSilence, packet.Opinions[0].Silence);
    }

    [Fact]
    public void A_restarted_beacon_goes_on_above_the_sequence_it_sent_before()
    {
        var packet = default(BeaconPacket);
        for (var i = 0; i < 50; i++)
            table.Fill(ref packet, true, At(10_000 + (i * 100)));
        var restarted = new BeaconTable(Limits);
        restarted.SetUp(Setup("n1", 1, 77, ("n2", 2)), At(15_000));
        var after = default(BeaconPacket);
        restarted.Fill(ref after, true, At(15_001));
        Assert.True(after.Sequence > packet.Sequence);
    }

    [Fact]
    public void Without_a_session_nothing_is_sent()
    {
        var mute = new BeaconTable(Limits);
        var packet = default(BeaconPacket);
        Assert.False(mute.SendDue(At(500)));
        mute.SetUp(Setup("n1", 1, 0, ("n2", 2)), At(0));
        Assert.False(mute.SendDue(At(500)));
        Assert.False(mute.Fill(ref packet, true, At(500)));
    }

    [Fact]
    public void A_new_setup_keeps_what_is_known_of_peers_that_stay()
    {
        var packet = Packet(3, 0xc, 1);
        packet.Add(new BeaconOpinion(1, 4));
        table.Receive(packet, At(50));
        table.SetUp(Setup("n1", 1, 77, ("n3", 3), ("n0", 4)), At(200));
        var report = Report(250);
        Assert.Equal(["n0", "n3"], report.Peers.Select(peer => peer.Host.Name));
        Assert.Equal((new SessionId(0xc), 200.0), (report.Peers[1].Session, report.Peers[1].Silence.TotalMilliseconds));
        Assert.Equal([new(new HostId("n1"), TimeSpan.FromMilliseconds(200))], report.Peers[1].Hears);
        Assert.Equal((null, 50.0), (report.Peers[0].Session, report.Peers[0].Silence.TotalMilliseconds));
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        Run(0, 2000, 2, 3);
        var packet = Packet(2, 0xb, 0);
        packet.Add(new BeaconOpinion(3, 1));
        var own = default(BeaconPacket);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            var now = At(2000 + i);
            table.Loop(now);
            packet.Sequence = (ulong)(100_000 + i);
            table.Receive(packet, now);
            table.HostAnswered(3, now);
            if (table.SendDue(now))
                table.Fill(ref own, true, now);
            if (table.ReportDue(now))
                table.Reported(now);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static BeaconSetup Setup(string self, int number, ulong session, params (string Name, int Number)[] peers) => new(
        new HostId(self), number, session == 0 ? null : new SessionId(session), ["127.0.0.1"],
        peers.Select(peer => new BeaconPeer(new HostId(peer.Name), peer.Number, [])).ToValueList(), []);

    private static Instant At(double milliseconds) => Instant.Origin + TimeSpan.FromMilliseconds(milliseconds);

    private static BeaconPacket Packet(ushort host, ulong session, ulong sequence) =>
        new() { Host = host, Session = session, Sequence = sequence, AgentAlive = true };

    private BeaconVerdict Hear(ushort host, ulong session, double at, ulong? number = null) =>
        table.Receive(Packet(host, session, number ?? ++sequence), At(at));

    private BeaconReport Report(double at) => table.BuildReport(At(at));

    private void Drain(double at)
    {
        if (table.ReportDue(At(at)))
            Report(at);
    }

    /// <summary>The loop in steps of 10 ms, with the named peers sending every 100 ms; returns the reports made.</summary>
    private List<BeaconReport> Run(int from, int to, params ushort[] heard)
    {
        var reports = new List<BeaconReport>();
        var packet = default(BeaconPacket);
        for (var at = from; at <= to; at += 10)
        {
            table.Loop(At(at));
            if (at % 100 == 0)
            {
                foreach (var host in heard)
                    Hear(host, 0xbUL, at);
            }

            if (table.SendDue(At(at)))
                table.Fill(ref packet, true, At(at));
            if (table.ReportDue(At(at)))
                reports.Add(Report(at));
        }

        return reports;
    }
}
