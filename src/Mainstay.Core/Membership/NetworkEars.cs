using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>
/// Which network brings the beacons of which peer: beside the table, for which the first copy counts whatever brought it. Says that one
/// of two networks is down, which is a reason to tell somebody and none to act. No clock; no allocation after <see cref="SetUp"/>.
/// </summary>
public sealed class NetworkEars
{
    /// <summary>Stands for all networks: an undisturbed simulated world sends one copy for all.</summary>
    public const int Every = -1;

    private const int MostNetworks = 4;

    private static readonly long QuietAfter = TimeSpan.FromSeconds(1).Ticks;

    private Peer[] peers = [];
    private long[] heardAt = [];

    public int PeerCount => peers.Length;

    /// <summary>Replaces whom we listen to. A network that has not been heard yet counts as heard now.</summary>
    public void SetUp(BeaconSetup setup, Instant now)
    {
        var fresh = setup.Peers.OrderBy(peer => peer.Host).Select(peer => new Peer(
            peer.Host, (ushort)peer.Number, Math.Min(MostNetworks, Math.Min(setup.Addresses.Count, peer.Addresses.Count)))).ToArray();
        var times = new long[fresh.Length * MostNetworks];
        Array.Fill(times, now.SinceOrigin.Ticks);
        for (var i = 0; i < fresh.Length; i++)
        {
            if (Array.IndexOf(peers, fresh[i]) is var known and >= 0)
                heardAt.AsSpan(known * MostNetworks, MostNetworks).CopyTo(times.AsSpan(i * MostNetworks));
        }

        (peers, heardAt) = (fresh, times);
    }

    /// <summary>A beacon of this peer came over this network, the first copy or a later one.</summary>
    public void Heard(int number, int network, Instant now)
    {
        for (var i = 0; i < peers.Length; i++)
        {
            if (peers[i].Number != number || network >= MostNetworks)
                continue;
            if (network == Every)
                heardAt.AsSpan(i * MostNetworks, MostNetworks).Fill(now.SinceOrigin.Ticks);
            else
                heardAt[(i * MostNetworks) + network] = now.SinceOrigin.Ticks;
        }
    }

    /// <summary>Every peer was heard over every network all the while: for the simulator (see its quiet beacons).</summary>
    internal void Leap(TimeSpan by)
    {
        foreach (ref var at in heardAt.AsSpan())
            at += by.Ticks;
    }

    public ushort NumberOf(int peer) => peers[peer].Number;

    public int NetworksOf(int peer) => peers[peer].Networks;

    /// <summary>True when the peer is heard over another network and has not been over this one for a second.</summary>
    public bool IsQuiet(int peer, int network, Instant now)
    {
        var times = heardAt.AsSpan(peer * MostNetworks, peers[peer].Networks);
        var newest = long.MinValue;
        foreach (var at in times)
            newest = Math.Max(newest, at);
        var limit = now.SinceOrigin.Ticks - QuietAfter;
        return newest > limit && times[network] <= limit;
    }

    /// <summary>The report as the node takes it. Allocates; the real process writes <see cref="IsQuiet"/> instead.</summary>
    public ValueList<QuietNetwork> Quiet(Instant now)
    {
        List<QuietNetwork>? quiet = null;
        for (var i = 0; i < peers.Length; i++)
        {
            for (var network = 0; network < peers[i].Networks; network++)
            {
                if (IsQuiet(i, network, now))
                    (quiet ??= []).Add(new QuietNetwork(peers[i].Host, network));
            }
        }

        return quiet is null ? [] : quiet.ToValueList();
    }

    private readonly record struct Peer(HostId Host, ushort Number, int Networks);
}

/// <summary>A peer that is heard, but not over this network (its place among the addresses, from 0).</summary>
public readonly record struct QuietNetwork(HostId Host, int Network);
