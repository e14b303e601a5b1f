using System.Net;
using System.Net.Sockets;
using Mainstay.Agent.Configuration;
using Mainstay.Agent.Joining;
using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Agent.Tests.Joining;

/// <summary>A join works, or says in one sentence what is wrong and what to do, and leaves nothing behind.</summary>
public sealed class JoinTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private TestMember member = null!;
    private TestRoot guest = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        guest = new TestRoot { MachineId = "22222222222222222222222222222222" };
        member = await TestMember.Found("n1", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (member is not null)
            await member.DisposeAsync();
        await guest.DisposeAsync();
    }

    [Fact]
    public async Task One_token_admits_as_many_hosts_as_come_in_time_and_numbers_them()
    {
        var token = await member.Token(Hour, Cancel);
        await using var third = new TestRoot { MachineId = "33333333333333333333333333333333" };
        Assert.Equal(2, (await Join(guest, "n2", token)).Number);
        Assert.Equal(3, (await Join(third, "n3", token)).Number);
        Assert.Contains("etc/mainstay/agent.json", guest.Files);
    }

    [Fact]
    public async Task A_join_that_was_interrupted_can_be_asked_again_and_keeps_its_number()
    {
        var token = await member.Token(Hour, Cancel);
        Assert.Equal(2, (await Join(guest, "n2", token)).Number);
        Directory.Delete(Path.Combine(guest.Layout.Root, "etc/mainstay"), recursive: true);
        Assert.Equal(2, (await Join(guest, "n2", token)).Number);
    }

    [Fact]
    public async Task A_token_of_another_secret_is_unknown()
    {
        var token = await member.Token(Hour, Cancel);
        var other = JoinToken.New("", "", DateTimeOffset.UtcNow).Secret;
        await Refused(token with { Secret = other }, "does not know this token", "mainstay token");
        await Refused(token with { Id = "0000" }, "does not know this token", "mainstay token");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("bm90IGpzb24")]
    public async Task A_cut_token_is_damaged(string text) => await Refused(text, "the token is damaged", "copy it whole");

    [Fact]
    public async Task An_expired_token_says_when_and_what_time_it_is_here()
    {
        var token = await member.Token(Hour, Cancel);
        var past = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds();
        await Refused(token with { Expires = past }, "and it is", "mainstay token");
        // The text was altered: the cluster's own record decides.
        member.Clock.Off = 2 * Hour;
        await Refused(token with { Expires = token.Expires + 100_000 }, "the token expired at", "mainstay token");
    }

    [Fact]
    public async Task Expired_tokens_do_not_stay_in_the_store()
    {
        var old = await member.Token(TimeSpan.FromMinutes(1), Cancel);
        var kept = await member.Token(3 * Hour, Cancel);
        var records = new TokenRecords(member.Member.Store);
        Assert.NotNull(await records.Find(old.Id, Cancel));
        member.Clock.Off = Hour;
        var third = await member.Token(Hour, Cancel);
        Assert.Null(await records.Find(old.Id, Cancel));
        Assert.NotNull(await records.Find(kept.Id, Cancel));
        Assert.NotNull(await records.Find(third.Id, Cancel));
        await records.Tidy(DateTimeOffset.UtcNow + 9 * Hour, Cancel);
        Assert.Null(await records.Find(kept.Id, Cancel));
        var left = Assert.IsType<Observed<RawSnapshot>.Known>(await member.Member.Store.Read([TokenRecords.Key], Cancel));
        Assert.Null(left.Value.Entries[0].Value);
    }

    [Fact]
    public async Task Clocks_that_differ_are_named()
    {
        var token = await member.Token(Hour, Cancel);
        member.Clock.Off = TimeSpan.FromMinutes(-5);
        await Refused(token, "the clocks differ by 300 s", "NTP");
    }

    [Fact]
    public async Task An_address_where_nobody_listens_or_nobody_is_a_member()
    {
        var token = await member.Token(Hour, Cancel);
        await Refused(token, "cannot be reached", "Check address, port and firewall", at: guest.Address);
        await Refused(token, "is no address of a member", "ADDRESS:PORT", at: "http://x");
        using var silent = new TcpListener(IPAddress.Parse(guest.Address), 0);
        silent.Start();
        var closing = CloseEach(silent);
        await Refused(token, "cannot be reached", "Check address", at: $"{guest.Address}:{((IPEndPoint)silent.LocalEndpoint).Port}");
        silent.Stop();
        await closing;
    }

    [Fact]
    public async Task Another_cluster_is_not_trusted_with_the_token()
    {
        await using var other = await TestMember.Found("x1", Cancel);
        var token = await member.Token(Hour, Cancel);
        await Refused(token, "belongs to another cluster", "Check the address", at: other.Address);
    }

    [Fact]
    public async Task A_taken_name_and_a_cloned_machine_are_told_apart()
    {
        var token = await member.Token(Hour, Cancel);
        await using var twin = new TestRoot { MachineId = "22222222222222222222222222222222" };
        await Refused(token, "already has a member named n1", "--host", host: "n1");
        Assert.Equal(2, (await Join(guest, "n2", token)).Number);
        var why = await Assert.ThrowsAsync<AgentException>(() => Join(twin, "n3", token));
        Assert.Contains("already belongs to member n2", why.Message, StringComparison.Ordinal);
        Assert.Contains("systemd-machine-id-setup", why.Message, StringComparison.Ordinal);
        Assert.Empty(twin.Files);
    }

    [Fact]
    public async Task A_machine_whose_host_was_taken_out_may_come_back_under_another_name()
    {
        var token = await member.Token(Hour, Cancel);
        Assert.Equal(2, (await Join(guest, "n2", token)).Number);
        var place = new StoreKey.Host(new HostId("n2")).ToString();
        var read = Assert.IsType<Observed<RawSnapshot>.Known>(await member.Member.Store.Read([place], Cancel)).Value.Entries[0];
        var removal = new RawTransaction([new RawGuard(place, read.ModRevision)], [new RawWrite(place, null)]);
        Assert.IsType<RawOutcome.Applied>(await member.Member.Store.Commit(removal, Cancel));
        Directory.Delete(Path.Combine(guest.Layout.Root, "etc/mainstay"), recursive: true);
        Assert.Equal(3, (await Join(guest, "n3", token)).Number);
    }

    [Fact]
    public async Task A_host_without_libvirt_or_with_a_taken_port_is_told_before_the_cluster_hears_of_it()
    {
        var token = await member.Token(Hour, Cancel);
        var none = new Readiness(_ => Task.FromResult<string?>("no such socket"));
        var why = await Assert.ThrowsAsync<AgentException>(() => Join(guest, "n2", token, none));
        Assert.Contains("libvirt does not answer on this host: no such socket. Start it", why.Message, StringComparison.Ordinal);

        using var taken = new TcpListener(IPAddress.Parse(guest.Address), MemberRecords.ApiPort);
        taken.Start();
        await Refused(token, $"Port {MemberRecords.ApiPort} on {guest.Address} is taken by process {Environment.ProcessId}", "Stop it");
        taken.Stop();
        Assert.Equal(2, (await Join(guest, "n2", token)).Number);
    }

    [Fact]
    public async Task A_witness_needs_no_libvirt_gets_no_hook_and_the_cluster_knows_its_role()
    {
        var token = await member.Token(Hour, Cancel);
        var none = new Readiness(_ => Task.FromResult<string?>("no such socket"));
        var file = await Ask(guest, "w1", member.Address, token.ToString(), none, witness: true);
        Assert.True(file.Witness);
        Assert.True(AgentFile.Load(guest.Layout.AgentFile)?.Witness);
        Assert.DoesNotContain(guest.Files, name => name.Contains("hooks", StringComparison.Ordinal));
        var key = new StoreKey.Host(new HostId("w1"));
        var read = Assert.IsType<Observed<RawSnapshot>.Known>(await member.Member.Store.Read([key.ToString()], Cancel)).Value.Entries[0];
        var decoded = Assert.IsType<DecodedValue.Read>(
            MemberParts.Codec(guest.Layout).Decode(key, (read.Value ?? default).Span));
        Assert.True(Assert.IsType<HostConfig>(decoded.Value).Witness);
    }

    [Fact]
    public async Task A_store_of_an_earlier_membership_is_left_alone_and_what_was_written_is_taken_back()
    {
        var token = await member.Token(Hour, Cancel);
        Directory.CreateDirectory(guest.Layout.StoreData);
        var kept = Path.Combine(guest.Layout.StoreData, "identity.json");
        await File.WriteAllTextAsync(kept, "{}", Cancel);
        var why = await Assert.ThrowsAsync<AgentException>(() => Join(guest, "n2", token));
        Assert.Contains("holds a store of an earlier membership; move it away first", why.Message, StringComparison.Ordinal);
        Assert.Equal(["var/lib/mainstay/etcd/identity.json"], guest.Files);
    }

    private Task<AgentFile> Join(TestRoot root, string host, JoinToken token, Readiness? ready = null) =>
        Ask(root, host, member.Address, token.ToString(), ready ?? TestRoot.Ready);

    private static Task<AgentFile> Ask(TestRoot root, string host, string at, string token, Readiness ready, bool witness = false) =>
        new ClusterJoining(root.Layout, TimeProvider.System, "1.2.3", ready, NullLogger.Instance).Run(
            new JoinRequest { Address = at, Token = token, Host = host, Addresses = [root.Address], Witness = witness }, Cancel);

    private Task Refused(JoinToken token, string what, string mend, string? at = null, string host = "n2") =>
        Refused(token.ToString(), what, mend, at, host);

    private async Task Refused(string token, string what, string mend, string? at = null, string host = "n2")
    {
        var why = await Assert.ThrowsAsync<AgentException>(() => Ask(guest, host, at ?? member.Address, token, TestRoot.Ready));
        Assert.Contains(what, why.Message, StringComparison.Ordinal);
        Assert.Contains(mend, why.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', why.Message);
        Assert.Empty(guest.Files);
    }

    private static async Task CloseEach(TcpListener listener)
    {
        try
        {
            while (true)
                (await listener.AcceptTcpClientAsync(Cancel)).Dispose();
        }
        catch (Exception stopped) when (stopped is SocketException or InvalidOperationException or ObjectDisposedException)
        {
            // The listener was stopped, while it waited or between two calls.
        }
    }
}
