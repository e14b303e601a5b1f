using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Core.Tests.Membership;

/// <summary>What a beacon makes of the word of a crash kernel.</summary>
public sealed class BeaconTableCrashTests
{
    private readonly BeaconTable table = new(Timing.For(TimingProfile.Balanced));

    public BeaconTableCrashTests()
    {
        table.SetUp(
            new BeaconSetup(new HostId("n1"), 1, new SessionId(77), [], [new BeaconPeer(new HostId("n2"), 2, [])], []), At(0));
        table.Loop(At(0));
        Hear(10, 1);
    }

    [Fact]
    public void It_is_reported_at_once_and_is_no_sign_of_life()
    {
        table.BuildReport(At(10));
        Assert.Equal(BeaconVerdict.Crash, Crash(0xb, 110));
        Assert.True(table.ReportDue(At(110)));
        var sight = table.BuildReport(At(110)).Peers[0];
        Assert.Equal((new SessionId(0xb), 100), (sight.Crashed, sight.Silence.TotalMilliseconds));
    }

    [Fact]
    public void An_earlier_crash_that_is_said_again_does_not_hide_the_one_of_the_session_that_was_heard()
    {
        Crash(0xb, 110);
        Crash(0xa, 120);
        Assert.Equal(new SessionId(0xb), table.BuildReport(At(120)).Peers[0].Crashed);
    }

    [Fact]
    public void Who_is_heard_has_not_crashed()
    {
        Crash(0xb, 20);
        Hear(110, 2);
        Assert.Null(table.BuildReport(At(110)).Peers[0].Crashed);
    }

    private static Instant At(int ms) => new(TimeSpan.FromMilliseconds(ms));

    private void Hear(int ms, ulong sequence)
    {
        table.Loop(At(ms));
        Assert.Equal(BeaconVerdict.Accepted, table.Receive(new BeaconPacket { Host = 2, Session = 0xb, Sequence = sequence }, At(ms)));
    }

    private BeaconVerdict Crash(ulong session, int ms)
    {
        table.Loop(At(ms));
        return table.Receive(new BeaconPacket { Host = 2, Session = session, Crashed = true }, At(ms));
    }
}
