using System.Net.Sockets;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

/// <summary>Real beacon processes on loopback addresses, seen through the agent's link.</summary>
public sealed class BeaconProcessTests
{
    private const string Uuid = "11111111-2222-3333-4444-555555555555";
    private static readonly ProtectedGuest Web = new(new GroupId("web"), Uuid, "owned by n2 (epoch 3)");
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_beacon_is_reported_silent_while_its_kernel_answers_and_a_restarted_one_goes_on_with_its_session()
    {
        await using var cluster = new BeaconCluster(3);
        await Task.WhenAll(cluster.Join(1), cluster.Join(2), cluster.Join(3));
        await cluster[1].Report(report => report.Peers.All(peer => peer.Session is not null && peer.Silence < Fresh));
        await cluster[1].Sees(2, peer => peer.Hears.Any(said => said.Host.Name == "n3" && said.Silence < Fresh));

        cluster[3].KillBeacon();
        await cluster[3].Next<BeaconNews.Disconnected>(_ => true);
        var report = await cluster[1].Sees(3, peer => peer.Silence >= TimeSpan.FromMilliseconds(300));
        var silent = report.Peers[1];
        Assert.Equal(BeaconCluster.SessionOf(3), silent.Session);
        Assert.InRange(silent.Silence.TotalMilliseconds, 300, 1500);
        Assert.True(report.Peers[0].Silence < Fresh);
        Assert.True((await cluster[1].Sees(3, peer => peer.HostAnswers)).Peers[1].HostAnswers);
        await cluster[1].Sees(2, peer => peer.Hears.Any(said => said.Host.Name == "n3" && said.Silence.TotalMilliseconds >= 300));

        cluster[3].StartBeacon();
        var again = await cluster[1].Sees(3, peer => peer.Silence < Fresh);
        Assert.Equal((BeaconCluster.SessionOf(3), false), (again.Peers[1].Session, again.Peers[1].HostAnswers));
        await cluster[3].Next<BeaconNews.Connected>(_ => true);
    }

    [Fact]
    public async Task The_word_of_a_crash_kernel_reaches_the_agents_of_the_others_with_the_session_that_crashed()
    {
        await using var cluster = new BeaconCluster(2);
        await Task.WhenAll(cluster.Join(1), cluster.Join(2));
        await cluster[1].Sees(2, peer => peer.Session is not null);
        cluster[2].KillBeacon();
        await cluster[1].Sees(2, peer => peer.Silence >= TimeSpan.FromMilliseconds(300));

        var key = await File.ReadAllTextAsync(cluster[2].Paths.ClusterKey, Cancel);
        var target = cluster.EndpointOf(1, 0);
        cluster[2].SayCrashed(new CrashNotice(
            key, 2, BeaconCluster.SessionOf(2), target.Port, [target.Address.ToString(), "192.0.2.77"]));

        var sight = (await cluster[1].Sees(2, peer => peer.Crashed is not null)).Peers[0];
        Assert.Equal(BeaconCluster.SessionOf(2), sight.Crashed);
        Assert.True(sight.Silence >= TimeSpan.FromMilliseconds(300));

        cluster[2].StartBeacon();
        await cluster[1].Sees(2, peer => peer.Crashed is null && peer.Silence < Fresh);
    }

    [Theory]
    [InlineData("", "no key")]
    [InlineData("key AAAA\nnumber 1", "no key")]
    [InlineData("key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nnumber 0", "host number")]
    [InlineData("key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nnumber 3\nsession zz", "no session")]
    public void A_crash_file_that_is_damaged_says_what_is_missing(string text, string expected)
    {
        Assert.Null(CrashNotice.Parse(text, out var why));
        Assert.Contains(expected, why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_heard_on_one_of_two_networks_is_not_silent()
    {
        await using var cluster = new BeaconCluster(2);
        await Task.WhenAll(cluster.Join(1), cluster.Join(2));
        var setup = cluster.SetupOf(2);
        await cluster[2].Link.SetUp(setup with { Addresses = ["192.0.2.77", setup.Addresses[1]] }, Cancel);
        await cluster[1].Sees(2, peer => peer.Session is not null);
        for (var i = 0; i < 3; i++)
            Assert.True((await cluster[1].Report(_ => true)).Peers[0].Silence < TimeSpan.FromMilliseconds(300));
        Assert.Contains("192.0.2.77 cannot be used", cluster[2].Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forged_replayed_and_foreign_beacons_are_counted_and_ignored()
    {
        await using var cluster = new BeaconCluster(2);
        await cluster.Join(1);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var target = cluster.EndpointOf(1, 0);
        var good = Datagram(cluster.Seal, 100);
        await socket.SendToAsync(good, target);
        await cluster[1].Sees(2, peer => peer.Session == new SessionId(7));

        var foreign = new BeaconSeal(new byte[BeaconSeal.KeyBytes]);
        var forged = Datagram(cluster.Seal, 101);
        forged[20] ^= 1;
        await cluster[1].Sees(2, peer => peer.Silence.TotalMilliseconds > 300);
        foreach (var bad in new[] { good, forged, Datagram(foreign, 102), Datagram(cluster.Seal, 99), good[..^3], [1, 2, 3] })
            await socket.SendToAsync(bad, target);
        await cluster[1].Sees(2, peer => peer.Silence.TotalMilliseconds > 700 && peer.Session == new SessionId(7));

        Assert.Equal(0, await cluster[1].StopBeacon());
        cluster[1].Beacon.WaitForExit();
        Assert.Contains(
            "beacons heard 1, copies 1; ignored: old 1, other session 0, stranger 0, malformed 2, other version 0, other cluster 1, "
            + "forged 1",
            cluster[1].Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peers_see_whether_the_agent_makes_progress_and_a_new_agent_takes_over()
    {
        await using var cluster = new BeaconCluster(2);
        await Task.WhenAll(cluster.Join(1), cluster.Join(2));
        await cluster[1].Sees(2, peer => peer.Session is not null && !peer.AgentAlive);
        await cluster[2].Link.ShowProgress(Cancel);
        await cluster[1].Sees(2, peer => peer.AgentAlive);
        await cluster[2].DisconnectAgent();
        var alone = await cluster[1].Sees(2, peer => !peer.AgentAlive);
        Assert.True(alone.Peers[0].Silence < Fresh);
        await cluster[2].ConnectAgent();
        await cluster[2].Link.ShowProgress(Cancel);
        await cluster[1].Sees(2, peer => peer.AgentAlive);
    }

    [Fact]
    public async Task A_protected_guest_starts_only_with_a_token_of_the_current_session()
    {
        await using var cluster = new BeaconCluster(2);
        await cluster.Join(1, Web);
        var host = cluster[1];
        Assert.Equal((0, ""), await host.Hook("other", "99999999-2222-3333-4444-555555555555"));
        var (code, message) = await host.Hook("web", Uuid);
        Assert.Equal(1, code);
        Assert.Equal(
            "web is protected by Mainstay and owned by n2 (epoch 3); use `mainstay start web` or `mainstay move web`\n", message);
        // The same definition without its UUID gets a new one from libvirt, and has the same disk.
        Assert.Equal(1, (await host.Hook("web", "99999999-2222-3333-4444-555555555555")).Code);
        Assert.False(await host.Link.Arm(Web.Group, Uuid, new Epoch(4), new SessionId(1), default, null, Cancel));
        Assert.Equal(1, (await host.Hook("web", Uuid)).Code);
        Assert.True(await host.Link.Arm(Web.Group, Uuid, new Epoch(4), BeaconCluster.SessionOf(1), default, null, Cancel));
        foreach (var operation in new[] { "prepare", "start", "restore", "migrate" })
            Assert.Equal((0, ""), await host.Hook("web", Uuid.ToUpperInvariant(), operation));
        Assert.True(await host.Link.Revoke(Web.Group, Uuid, Cancel));
        foreach (var operation in new[] { "prepare", "start", "restore", "migrate" })
            Assert.Equal(1, (await host.Hook("web", Uuid, operation)).Code);
        Assert.Equal((0, ""), await host.Hook("web", Uuid, "release", "end"));
        await host.Link.SetUp(cluster.SetupOf(1), Cancel);
        Assert.True(await host.Link.Revoke(Web.Group, Uuid, Cancel));
        Assert.Equal((0, ""), await host.Hook("web", Uuid));
    }

    [Fact]
    public async Task A_new_session_takes_all_tokens_back_and_an_unread_list_opens_nothing()
    {
        await using var cluster = new BeaconCluster(2);
        await cluster.Join(1, Web);
        var host = cluster[1];
        Assert.True(await host.Link.Arm(Web.Group, Uuid, new Epoch(4), BeaconCluster.SessionOf(1), default, null, Cancel));
        await host.Link.SetUp(cluster.SetupOf(1) with { Session = null }, Cancel);
        Assert.False(await host.Link.Arm(Web.Group, Uuid, new Epoch(4), BeaconCluster.SessionOf(1), default, null, Cancel));
        Assert.Equal(1, (await host.Hook("web", Uuid)).Code);
        await host.Link.SetUp(cluster.SetupOf(1, Web) with { Session = new SessionId(9) }, Cancel);
        Assert.True(await host.Link.Revoke(new GroupId("x"), "x", Cancel));
        Assert.Equal(1, (await host.Hook("web", Uuid)).Code);
    }

    [Fact]
    public async Task A_restarted_beacon_keeps_armed_tokens_and_forgets_revoked_ones_without_an_agent()
    {
        await using var cluster = new BeaconCluster(2);
        var db = new ProtectedGuest(new GroupId("db"), "22222222-2222-3333-4444-555555555555", "owned by n1 (epoch 1)");
        await Task.WhenAll(cluster.Join(1, Web, db), cluster.Join(2));
        var host = cluster[1];
        Assert.True(await host.Link.Arm(Web.Group, Uuid, new Epoch(4), BeaconCluster.SessionOf(1), default, null, Cancel));
        Assert.True(await host.Link.Arm(db.Group, db.Uuid, new Epoch(1), BeaconCluster.SessionOf(1), default, null, Cancel));
        Assert.True(await host.Link.Revoke(db.Group, db.Uuid, Cancel));
        await host.DisconnectAgent();
        host.KillBeacon();
        host.StartBeacon();
        await cluster[2].Sees(1, peer => peer.Silence >= TimeSpan.FromMilliseconds(150) || peer.HostAnswers || peer.Session is not null);
        await cluster[2].Sees(1, peer => peer.Silence < Fresh && peer.Session == BeaconCluster.SessionOf(1));
        // A busy machine may keep the beacon from answering within the hook's 200 ms; then the hook refuses, and is asked again.
        var answer = await host.Hook("web", Uuid);
        for (var tries = 1; tries < 20 && answer.Code != 0; tries++)
            answer = await host.Hook("web", Uuid);
        Assert.Equal((0, ""), answer);
        Assert.Equal(1, (await host.Hook("db", db.Uuid)).Code);
        Assert.Equal(0, await host.StopBeacon());
    }

    [Fact]
    public async Task Without_an_answer_only_the_guests_listed_on_disk_are_refused()
    {
        await using var cluster = new BeaconCluster(2);
        await cluster.Join(1, Web);
        var host = cluster[1];
        await host.DisconnectAgent();
        host.KillBeacon();
        var (code, message) = await host.Hook("web", Uuid);
        Assert.Equal(1, code);
        Assert.Contains("web is protected by Mainstay and cannot start now: the beacon of this host does not answer", message,
            StringComparison.Ordinal);
        Assert.Contains("owned by n2 (epoch 3)", message, StringComparison.Ordinal);
        Assert.Equal((0, ""), await host.Hook("other", "99999999-2222-3333-4444-555555555555"));

        // After a reboot there is no saved state, and until the agent has joined the list on disk decides.
        File.Delete(host.Paths.State);
        host.StartBeacon();
        await host.ConnectAgent();
        await host.Link.ShowProgress(Cancel);
        Assert.True(await host.Link.Revoke(Web.Group, Uuid, Cancel));
        Assert.Equal(1, (await host.Hook("web", Uuid)).Code);
        Assert.Equal((0, ""), await host.Hook("other", "99999999-2222-3333-4444-555555555555"));
    }

    [Fact]
    public async Task A_second_beacon_of_the_same_host_is_refused()
    {
        await using var cluster = new BeaconCluster(2);
        await cluster.Join(1);
        cluster[1].StartBeacon();
        await cluster[1].Beacon.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        Assert.Equal(1, cluster[1].Beacon.ExitCode);
        await cluster[1].Report(_ => true);
    }

    private static byte[] Datagram(BeaconSeal seal, ulong sequence)
    {
        var buffer = new byte[BeaconSeal.MaxBytes];
        var packet = new BeaconPacket { Host = 2, Session = 7, Sequence = sequence, AgentAlive = true };
        return buffer[..seal.Write(packet, buffer)];
    }
}
