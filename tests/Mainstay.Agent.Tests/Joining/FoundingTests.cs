using System.Net;
using System.Net.Sockets;
using Mainstay.Agent.Joining;
using Mainstay.Contracts.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Agent.Tests.Joining;

/// <summary>An init works, or says in one sentence what is wrong and what to do, and leaves nothing behind.</summary>
public sealed class FoundingTests : IAsyncLifetime
{
    private readonly TestRoot root = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => root.DisposeAsync();

    [Theory]
    [InlineData("my cluster", "n1", "cluster name 'my cluster' has characters other than")]
    [InlineData("", "n1", "cluster name '' has 0 characters; use 1 to 63")]
    [InlineData("c", "-n1", "host name '-n1' has characters other than")]
    public async Task Names_that_cannot_be_are_refused(string cluster, string host, string what) =>
        await Refused(new InitRequest { Cluster = cluster, Host = host, Addresses = [root.Address] }, TestRoot.Ready, what);

    [Theory]
    [InlineData("192.0.2.1", "address 192.0.2.1 is not an address of this host; give one of 127.0.0.1")]
    [InlineData("n1.example", "address 'n1.example' is no IP address; give one of 127.0.0.1")]
    public async Task Foreign_addresses_are_refused(string address, string what) =>
        await Refused(new InitRequest { Cluster = "c", Host = "n1", Addresses = [address] }, TestRoot.Ready, what);

    [Fact]
    public async Task Without_libvirt_nothing_is_begun()
    {
        var none = new Readiness(_ => Task.FromResult<string?>("Failed to connect socket"));
        await Refused(Request(), none, "libvirt does not answer on this host: Failed to connect socket. Start it (systemctl start libvirtd)");
    }

    [Theory]
    [InlineData(7780)]
    [InlineData(7782)]
    [InlineData(7783)]
    public async Task A_taken_port_is_named_with_its_holder(int port)
    {
        using var taken = new TcpListener(IPAddress.Parse(root.Address), port);
        taken.Start();
        await Refused(Request(), TestRoot.Ready, $"Port {port} on {root.Address} is taken by process {Environment.ProcessId}");
    }

    [Fact]
    public async Task A_store_of_an_earlier_cluster_is_left_alone()
    {
        Directory.CreateDirectory(root.Layout.StoreData);
        await File.WriteAllTextAsync(Path.Combine(root.Layout.StoreData, "identity.json"), "{}", Cancel);
        await Refused(
            Request(),
            TestRoot.Ready,
            $"{root.Layout.StoreData} holds a store of an earlier cluster; move it away first",
            "var/lib/mainstay/etcd/identity.json");
    }

    private InitRequest Request() => new() { Cluster = "c", Host = "n1", Addresses = [root.Address] };

    private async Task Refused(InitRequest request, Readiness ready, string what, params string[] left)
    {
        var founding = new Founding(root.Layout, TimeProvider.System, ready, NullLogger.Instance);
        var why = await Assert.ThrowsAsync<AgentException>(() => founding.Run(request, Cancel));
        Assert.Contains(what, why.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', why.Message);
        Assert.Equal(left, root.Files);
    }
}
