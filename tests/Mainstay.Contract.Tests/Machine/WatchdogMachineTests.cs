using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mainstay.Contract.Tests.Beacon;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Lab.Guests;
using Xunit;

namespace Mainstay.Contract.Tests.Machine;

/// <summary>
/// The native beacon in a whole machine with a real watchdog (Intel 6300ESB, as QEMU emulates it), keeping a lease with two real beacons
/// outside.
/// </summary>
[Trait("cost", "slow")]
public sealed class WatchdogMachineTests
{
    private const int Port = 7781;
    private const int Timeout = 6;
    private const int MeasuredTimeout = 4;
    private const string OpenSsl = "/usr/lib/x86_64-linux-gnu/libssl.so.3";
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_whose_beacon_stands_still_is_reset_and_one_whose_beacon_runs_is_not()
    {
        await using var peers = await Peers.Make();
        var (n2, n3) = (peers.N2, peers.N3);
        await Keep(n2, peers.Wire);
        await Keep(n3, peers.Wire);
        await using var machine = await Boot(peers);

        // The counter-proof: for more than twice its time the watchdog is fed, and nothing happens.
        var first = await machine.Says("machine: up", BootLimit);
        await machine.Says("the watchdog is armed", Limit);
        var armed = Stopwatch.StartNew();
        await machine.Until(() => armed.Elapsed.TotalSeconds > 2.2 * Timeout, "the time passes", Limit);
        Assert.Equal((0, 0), (machine.CountOf("WATCHDOG"), machine.CountOf("RESET")));
        await n2.Sees(1, peer => peer.Silence < TimeSpan.FromSeconds(1));

        await machine.Do("kill -STOP $beacon");
        var stopped = await machine.Says("machine: did 0", Limit);
        var struck = await machine.Event("WATCHDOG", Limit);
        var took = Stopwatch.GetElapsedTime(stopped.At, struck);
        TestContext.Current.TestOutputHelper?.WriteLine($"reset {took.TotalSeconds:0.00} s after the beacon was stopped");
        Assert.InRange(took.TotalSeconds, Timeout - 1.5, Timeout + 6);
        await machine.Event("RESET", Limit);
        await n2.Sees(1, peer => peer.Silence > TimeSpan.FromSeconds(1));

        var second = await machine.Says("machine: up", BootLimit, skip: 1);
        Assert.NotEqual(first.Text, second.Text);
        Assert.Equal(1, machine.CountOf("WATCHDOG"));
    }

    [Fact]
    public async Task A_watchdog_that_is_measured_from_outside_took_as_long_as_the_machine_really_ran()
    {
        await using var peers = await Peers.Make();
        var (n2, n3) = (peers.N2, peers.N3);
        await Keep(n2, peers.Wire);
        await Keep(n3, peers.Wire);
        await using var machine = await Boot(peers);
        await machine.Says("the watchdog is armed: /dev/watchdog, i6300ESB timer, timeout 6 s", BootLimit);

        await machine.Do("/usr/bin/send-frame /run/mainstay/beacon.sock </measure &");
        await machine.Says("the watchdog is fed no more", Limit);
        var first = await n2.Report(said => said.Unfed.Count > 0);
        var fed = Stopwatch.GetTimestamp() - (long)(first.Unfed[0].Last.TotalSeconds * Stopwatch.Frequency);
        var truth = Stopwatch.GetElapsedTime(fed, await machine.Event("WATCHDOG", Limit));

        var witnesses = new[] { await Witness(n2), await Witness(n3) };
        var verdict = Assert.IsType<ResetVerdict.Measured>(
            ResetMeasurement.Judge(TimeSpan.FromSeconds(MeasuredTimeout), witnesses.ToValueList()));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"set to {MeasuredTimeout} s; ran {truth.TotalSeconds:0.00} s; measured {verdict.AtLeast.TotalSeconds:0.00} to "
            + $"{verdict.Reset.TotalSeconds:0.00} s"));

        // The report that tells of the first mark comes late on a busy machine, never early: the truth is at least that long.
        Assert.InRange(verdict.AtLeast.TotalSeconds, MeasuredTimeout - 2, truth.TotalSeconds + 0.5);
        Assert.InRange(verdict.Reset.TotalSeconds, Math.Max(MeasuredTimeout, truth.TotalSeconds - 0.1), truth.TotalSeconds + 2);
    }

    private static async Task<VirtualMachine> Boot(Peers peers) =>
        await VirtualMachine.Start(await Image(peers.Wire, peers.Key), peers.Wire.Device, Limit);

    /// <summary>What a host heard last, when the machine is silent.</summary>
    private static async Task<ResetWitness> Witness(BeaconHost host)
    {
        var said = await host.Report(
            one => one.Unfed.Count > 0 && one.Peers.Any(peer => peer.Host.Name == "n1" && peer.Silence > TimeSpan.FromSeconds(1.5)));
        var heard = Assert.Single(said.Unfed);
        Assert.Equal(BeaconCluster.SessionOf(1), heard.Session);
        return new ResetWitness(host.Id.Name, heard.Last, heard.Beacons, heard.Gap);
    }

    /// <summary>What an agent would say to begin a measurement.</summary>
    private static byte[] MeasureFrame()
    {
        var frame = new WireWriter(new byte[256]);
        AgentFrame.Begin(ref frame, FrameKind.Measure);
        frame.UInt32(1);
        frame.Byte((byte)MeasureAct.Begin);
        frame.Text("/dev/watchdog");
        frame.UInt32(MeasuredTimeout);
        Assert.True(AgentFrame.End(ref frame));
        return frame.Written.ToArray();
    }

    /// <summary>A beacon on this machine that acknowledges the leases of the others.</summary>
    private static async Task Keep(BeaconHost host, TapNetwork wire)
    {
        host.StartBeacon();
        await host.ConnectAgent();
        await host.Link.SetUp(SetupOf(host.Number, wire, registered: 0), Cancel);
        var report = await host.Report(said => said.Lease.Incarnation != 0);
        await host.Link.SetUp(SetupOf(host.Number, wire, report.Lease.Incarnation), Cancel);
    }

    private static BeaconSetup SetupOf(int number, TapNetwork wire, ulong registered) => new(
        new HostId($"n{number}"), number, BeaconCluster.SessionOf(number), [wire.AddressOf(number)],
        Enumerable.Range(1, 3).Where(peer => peer != number)
            .Select(peer => new BeaconPeer(new HostId($"n{peer}"), peer, [wire.AddressOf(peer)])).ToValueList(),
        [])
    {
        Keepers = new KeeperDuty(1, [1, 2, 3], [], registered),
        Lease = number == 1 ? new LeaseTerms(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(Timeout)) : null,
    };

    private static async Task<MachineImage> Image(TapNetwork wire, string key)
    {
        var beacon = Path.Combine(Checkout.Root, "artifacts", "bin", "mainstay-beacon");
        Assert.SkipWhen(!File.Exists(beacon), "scripts/build.sh has not built the beacon");
        Assert.SkipWhen(!File.Exists(OpenSsl), "Missing: libssl3");
        var (head, tail) = Saved(SetupOf(1, wire, registered: 0));
        return await MachineImage.Get(async archive =>
        {
            await MachineImage.AddProgram(archive, beacon, "usr/bin/mainstay-beacon");

            // Native .NET code seals with OpenSSL, which it looks for when it needs it.
            await MachineImage.AddProgram(archive, OpenSsl, OpenSsl.TrimStart('/'));
            archive.File("etc/mainstay/cluster.key", Encoding.UTF8.GetBytes(key));
            archive.File("etc/mainstay/watchdog", Encoding.UTF8.GetBytes(
                $"device /dev/watchdog\nreset {Timeout}\ntimeout {Timeout}\nvirtual yes\n"));
            archive.File("measure", MeasureFrame());
            archive.File("usr/bin/send-frame", await MachineImage.Compile("send-frame.c"));
            archive.File("state.head", head);
            archive.File("state.tail", tail);
            archive.File("autostart", Encoding.UTF8.GetBytes(
                $"""
                ip link set lo up
                ip link set eth0 up
                ip address add {wire.AddressOf(1)}/24 dev eth0
                mkdir -p /run/mainstay
                cat /state.head >/run/mainstay/beacon.state
                tr -d '\n' </proc/sys/kernel/random/boot_id >>/run/mainstay/beacon.state
                cat /state.tail >>/run/mainstay/beacon.state
                /usr/bin/mainstay-beacon 2>&1 &
                beacon=$!

                """));
        });
    }

    /// <summary>What a beacon of that boot would have left behind, cut where the boot's id stands.</summary>
    private static (byte[] Head, byte[] Tail) Saved(BeaconSetup setup)
    {
        var buffer = new byte[AgentFrame.MaxBytes];
        var head = new WireWriter(buffer);
        head.UInt32(0x4d534253);
        head.UInt16(2);
        head.UInt16(36);
        var first = head.Written.ToArray();
        var tail = new WireWriter(buffer);
        AgentFrame.WriteSetUp(ref tail, setup);
        tail.UInt16(0);
        return (first, tail.Written.ToArray());
    }

    /// <summary>Two beacons on this machine, and the network that the virtual one shares with them.</summary>
    private sealed class Peers(TapNetwork wire, string key) : IAsyncDisposable
    {
        public TapNetwork Wire => wire;

        public string Key => key;

        public BeaconHost N2 { get; } = new(2, Port, key);

        public BeaconHost N3 { get; } = new(3, Port, key);

        public static async Task<Peers> Make()
        {
            MachineImage.RequireMachine();
            return new Peers(await TapNetwork.Make(), Convert.ToBase64String(RandomNumberGenerator.GetBytes(BeaconSeal.KeyBytes)));
        }

        public async ValueTask DisposeAsync()
        {
            await N3.DisposeAsync();
            await N2.DisposeAsync();
            await wire.DisposeAsync();
        }
    }
}
