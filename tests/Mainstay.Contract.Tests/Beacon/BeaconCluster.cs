using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Contract.Tests.Beacon;

/// <summary>Hosts that hear each other over two networks of loopback addresses.</summary>
internal sealed class BeaconCluster : IAsyncDisposable
{
    private readonly int net = RandomNumberGenerator.GetInt32(1, 250);
    private readonly int port = FreePort();
    private readonly byte[] key = RandomNumberGenerator.GetBytes(BeaconSeal.KeyBytes);
    private readonly List<BeaconHost> hosts = [];
    private readonly int size;

    public BeaconCluster(int size)
    {
        this.size = size;
        for (var i = 1; i <= size; i++)
            hosts.Add(new BeaconHost(i, port, Convert.ToBase64String(key)));
    }

    public BeaconSeal Seal => new(key);

    public BeaconHost this[int number] => hosts[number - 1];

    public static SessionId SessionOf(int number) => new(0xabc0UL + (ulong)number);

    public ValueList<string> Addresses(int number) => [$"127.71.{net}.{number}", $"127.72.{net}.{number}"];

    public IPEndPoint EndpointOf(int number, int network) => new(IPAddress.Parse(Addresses(number)[network]), port);

    public BeaconSetup SetupOf(int number, params ProtectedGuest[] guests) => new(
        new HostId($"n{number}"), number, SessionOf(number), Addresses(number),
        Enumerable.Range(1, size).Where(peer => peer != number)
            .Select(peer => new BeaconPeer(new HostId($"n{peer}"), peer, Addresses(peer))).ToValueList(),
        ValueList.Create<ProtectedGuest>(guests));

    /// <summary>Beacon up, agent connected, set up.</summary>
    public async Task Join(int number, params ProtectedGuest[] guests)
    {
        this[number].StartBeacon();
        await this[number].ConnectAgent();
        await this[number].Link.SetUp(SetupOf(number, guests), CancellationToken.None);
        await this[number].Report(report => report.Peers.Count == size - 1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
            await host.DisposeAsync();
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
