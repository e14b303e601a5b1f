using Mainstay.Beacon.Native;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>Sends and receives the beacons of this host on all its networks.</summary>
internal sealed class Networks : IDisposable
{
    private readonly BeaconPaths paths;
    private readonly BeaconTable table;
    private readonly BeaconLease lease;
    private readonly byte[] outgoing = new byte[BeaconSeal.MaxBytes];
    private readonly byte[] incoming = new byte[BeaconSeal.MaxBytes + 1];
    private readonly long[] refused = new long[Enum.GetValues<BeaconRefusal>().Length];
    private readonly long[] verdicts = new long[Enum.GetValues<BeaconVerdict>().Length];
    private readonly Action<int> received;
    private Network[] networks = [];
    private BeaconPacket packet;
    private BeaconSeal? seal;
    private Instant now;
    private int current;

    public Networks(BeaconPaths paths, BeaconTable table, BeaconLease lease)
    {
        this.paths = paths;
        this.table = table;
        this.lease = lease;
        received = Received;
    }

    public int Count => networks.Length;

    /// <summary>Which network brings whose beacons.</summary>
    public NetworkEars Ears { get; } = new();

    /// <summary>What was heard of hosts whose watchdog is measured.</summary>
    public UnfedMarks Unfed { get; } = new();

    /// <summary>How fast the peers' clocks run against this host's.</summary>
    public ClockMarks Clocks { get; } = new();

    /// <summary>The socket of a network for poll; negative, and so ignored there, while it has none.</summary>
    public int Descriptor(int network) => networks[network].Descriptor;

    public void SetUp(BeaconSetup setup)
    {
        var kept = networks.ToDictionary(network => network.Address);
        var fresh = new List<Network>();
        for (var i = 0; i < setup.Addresses.Count; i++)
        {
            var address = setup.Addresses[i];
            if (Endpoint.Parse(address, paths.Port) is null)
            {
                Note.Write($"'{address}' is no IP address; beacons are sent to numeric addresses only");
                continue;
            }

            if (!kept.Remove(address, out var network))
                network = new Network(address, paths.Port);
            network.SetPeers(PeersOn(setup, i, network));
            fresh.Add(network);
        }

        foreach (var gone in kept.Values)
            gone.Dispose();
        networks = [.. fresh];
        Ears.SetUp(setup, MonotonicClock.Now);
        Clocks.SetUp(setup);
        LoadKey();
        Repair();
    }

    /// <summary>Once a second: opens what could not be opened before.</summary>
    public void Repair()
    {
        if (seal is null)
            LoadKey();
        foreach (var network in networks)
            network.Open();
    }

    /// <summary>Takes what a network's socket has for us, as poll said.</summary>
    public void Serve(int network, short got, Instant at)
    {
        (now, current) = (at, network);
        if ((got & Linux.PollError) != 0)
            networks[network].DrainErrors(table, at);
        if (got != 0)
            networks[network].Drain(incoming, received);
    }

    /// <param name="unfed">How long the watchdog of this host has not been fed, while it is measured.</param>
    public void Send(bool agentAlive, TimeSpan? unfed, Instant at)
    {
        if (!table.Fill(ref packet, agentAlive, at) || seal is null)
            return;
        lease.Fill(ref packet, at);
        packet.Unfed = unfed is { } time ? (uint)time.TotalMilliseconds : null;
        packet.Sent = MonotonicClock.Now.SinceOrigin.Ticks;
        var datagram = outgoing.AsSpan(0, seal.Write(packet, outgoing));
        foreach (var network in networks)
            network.Send(datagram);
    }

    /// <summary>What was heard and what was ignored so far, for the journal.</summary>
    public string Summary() =>
        $"beacons heard {verdicts[(int)BeaconVerdict.Accepted]}, copies {verdicts[(int)BeaconVerdict.Copy]}; "
        + $"ignored: old {verdicts[(int)BeaconVerdict.Old]}, other session {verdicts[(int)BeaconVerdict.OtherSession]}, "
        + $"stranger {verdicts[(int)BeaconVerdict.Stranger]}, malformed {refused[(int)BeaconRefusal.Malformed]}, "
        + $"other version {refused[(int)BeaconRefusal.OtherVersion]}, other cluster {refused[(int)BeaconRefusal.OtherCluster]}, "
        + $"forged {refused[(int)BeaconRefusal.Forged]}; "
        + $"crash messages {verdicts[(int)BeaconVerdict.Crash]}";

    public void Dispose()
    {
        foreach (var network in networks)
            network.Dispose();
    }

    private void Received(int length)
    {
        if (seal is null)
            return;
        var refusal = seal.Read(incoming.AsSpan(0, length), ref packet);
        refused[(int)refusal]++;
        if (refusal != BeaconRefusal.None)
            return;
        var verdict = table.Receive(packet, now);
        verdicts[(int)verdict]++;
        if (verdict is BeaconVerdict.Accepted or BeaconVerdict.Copy)
            Ears.Heard(packet.Host, current, now);
        if (verdict != BeaconVerdict.Accepted)
            return;
        lease.Heard(packet, now);
        Unfed.Heard(packet, now);
        Clocks.Heard(packet, now);
    }

    private List<(int Number, Endpoint Address)> PeersOn(BeaconSetup setup, int index, Network network)
    {
        var family = Endpoint.Parse(network.Address, paths.Port)?.Family;
        var peers = new List<(int Number, Endpoint Address)>();
        foreach (var peer in setup.Peers)
        {
            if (index >= peer.Addresses.Count)
                continue;
            if (Endpoint.Parse(peer.Addresses[index], paths.Port) is { } address && address.Family == family)
                peers.Add((peer.Number, address));
            else
                Note.Write($"{peer.Host} cannot be reached from {network.Address}: '{peer.Addresses[index]}' is no address of its kind");
        }

        return peers;
    }

    private void LoadKey()
    {
        try
        {
            var loaded = BeaconSeal.FromText(File.ReadAllText(paths.ClusterKey));
            if (loaded is null)
                Note.Write($"{paths.ClusterKey} is no cluster key: it must hold {BeaconSeal.KeyBytes} bytes in base64");
            seal = loaded ?? seal;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            if (seal is null && networks.Length > 0)
                Note.Write($"no beacons without a key: {missing.Message}");
        }
    }
}
