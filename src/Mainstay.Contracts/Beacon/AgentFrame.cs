using System.Buffers.Binary;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Contracts.Beacon;

/// <summary>
/// Frames between agent and beacon on their unix socket: length of the rest (4 bytes, big-endian), version (1), kind (1), body.
/// </summary>
public static class AgentFrame
{
    public const byte Version = 1;

    /// <summary>Length, version and kind.</summary>
    public const int HeaderBytes = 6;

    /// <summary>The longest frame, header included.</summary>
    public const int MaxBytes = 1024 * 1024;

    public const int MaxProtected = 4096;

    public const int MaxTokens = 1024;

    public const int MaxPeers = 1024;

    public const int MaxNetworks = 4;

    /// <summary>
    /// Splits the next frame off what was received. Null while it is incomplete; a kind of <see cref="FrameKind.None"/> means that the
    /// other side does not speak this protocol.
    /// </summary>
    /// <param name="taken">Bytes of the frame, header included; zero while it is incomplete.</param>
    public static FrameKind? Split(ReadOnlySpan<byte> received, out ReadOnlySpan<byte> body, out int taken)
    {
        body = default;
        taken = 0;
        if (received.Length < HeaderBytes)
            return null;
        var rest = BinaryPrimitives.ReadUInt32BigEndian(received);
        if (rest is < 2 or > MaxBytes - 4 || received[4] != Version)
            return FrameKind.None;
        if (received.Length < rest + 4)
            return null;
        taken = (int)rest + 4;
        body = received[HeaderBytes..taken];
        return (FrameKind)received[5];
    }

    public static void Begin(ref WireWriter writer, FrameKind kind)
    {
        writer.UInt32(0);
        writer.Byte(Version);
        writer.Byte((byte)kind);
    }

    /// <summary>Puts the length into a frame that began at the start of the buffer. False when it did not fit.</summary>
    public static bool End(ref WireWriter writer)
    {
        if (writer.Overflowed)
            return false;
        writer.PatchUInt32(0, (uint)(writer.Length - 4));
        return true;
    }

    public static void WriteAcknowledged(ref WireWriter writer, uint request, bool accepted, string why)
    {
        writer.UInt32(request);
        writer.Byte(accepted ? (byte)1 : (byte)0);
        writer.Text(why);
    }

    public static (uint Request, bool Accepted, string Why)? ReadAcknowledged(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var answer = (reader.UInt32(), reader.Byte() == 1, reader.Text());
        return reader.Failed ? null : answer;
    }

    public static void WriteToken(ref WireWriter writer, StartToken token)
    {
        writer.Text(token.Group.Name);
        writer.Text(token.Uuid);
        writer.UInt64((ulong)token.Epoch.Number);
        writer.UInt64(token.Session.Number);
        writer.Byte((byte)token.OnIsolation);
    }

    public static StartToken ReadToken(ref WireReader reader) =>
        new(
        new GroupId(reader.Text()),
        reader.Text(),
        new Epoch((long)reader.UInt64()),
        new SessionId(reader.UInt64()),
        (IsolationPolicy)reader.Byte());

    public static void WriteSetUp(ref WireWriter writer, BeaconSetup setup)
    {
        writer.Text(setup.Self.Name);
        writer.UInt16((ushort)setup.Number);
        writer.UInt64(setup.Session?.Number ?? 0);
        WriteAddresses(ref writer, setup.Addresses);
        writer.UInt16((ushort)setup.Peers.Count);
        foreach (var peer in setup.Peers)
        {
            writer.Text(peer.Host.Name);
            writer.UInt16((ushort)peer.Number);
            WriteAddresses(ref writer, peer.Addresses);
        }

        writer.UInt16((ushort)setup.Protected.Count);
        foreach (var guest in setup.Protected)
        {
            writer.Text(guest.Group.Name);
            writer.Text(guest.Uuid);
            writer.Text(guest.Standing);
        }

        LeaseFrame.WriteDuty(ref writer, setup.Keepers, setup.Lease);
    }

    /// <summary>Null when it is cut short or too large.</summary>
    public static BeaconSetup? ReadSetUp(ref WireReader reader)
    {
        var self = new HostId(reader.Text());
        var number = reader.UInt16();
        var session = reader.UInt64();
        var addresses = ReadAddresses(ref reader);
        var peers = new BeaconPeer[reader.Count(MaxPeers)];
        for (var i = 0; i < peers.Length; i++)
            peers[i] = new BeaconPeer(new HostId(reader.Text()), reader.UInt16(), ReadAddresses(ref reader));
        var guests = new ProtectedGuest[reader.Count(MaxProtected)];
        for (var i = 0; i < guests.Length; i++)
            guests[i] = new ProtectedGuest(new GroupId(reader.Text()), reader.Text(), reader.Text());
        var (keepers, lease) = LeaseFrame.ReadDuty(ref reader);
        return reader.Failed
            ? null
            : new BeaconSetup(self, number, session == 0 ? null : new SessionId(session), addresses,
                ValueList.Create<BeaconPeer>(peers), ValueList.Create<ProtectedGuest>(guests))
            {
                Keepers = keepers,
                Lease = lease,
            };
    }

    private static void WriteAddresses(ref WireWriter writer, ValueList<string> addresses)
    {
        writer.UInt16((ushort)addresses.Count);
        foreach (var address in addresses)
            writer.Text(address);
    }

    private static ValueList<string> ReadAddresses(ref WireReader reader)
    {
        var addresses = new string[reader.Count(MaxNetworks)];
        for (var i = 0; i < addresses.Length; i++)
            addresses[i] = reader.Text();
        return ValueList.Create<string>(addresses);
    }
}
