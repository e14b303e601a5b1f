using System.Buffers.Binary;
using System.Security.Cryptography;
using Mainstay.Core.Membership;

namespace Mainstay.Contracts.Beacon;

/// <summary>
/// Writes and reads beacons as UDP datagrams, sealed with the cluster's key. Neither allocates.
/// </summary>
/// <remarks>
/// All numbers are big-endian.
/// <code>
///  0  3  "MSB"
///  3  1  version, 1; 2 for the message of a crash kernel, which is otherwise alike, with neither opinions nor extension
///  4  8  cluster tag: the first 8 bytes of HMAC-SHA256(key, "mainstay beacon cluster")
/// 12  2  number of the sending host
/// 14  2  flags: bit 0 the agent makes progress; other bits are sent as 0 and ignored
/// 16  8  session
/// 24  8  sequence
/// 32  1  number of opinions n, at most 64
/// 33  1  reserved, 0
/// 34  2  length of the extension e, at most 512
/// 36  3n opinions: host number (2), silence in steps of 50 ms (1; 252 = that or more, 253 = its kernel answers, 255 = never heard)
///     e  extension: fields of kind (1), length (2) and body; unknown kinds are skipped.
///        Kind 1, acknowledgements of a keeper: host number (2) and low half of the sequence (4) each.
///        Kind 2, while the watchdog is measured: milliseconds since it was last fed (4).
///        Kind 3, the sender's clock when it left: time since its kernel booted, sleep included, in steps of 100 ns (8)
///    16  the first 16 bytes of HMAC-SHA256(key, everything before)
/// </code>
/// </remarks>
public sealed class BeaconSeal
{
    public const byte Version = 1;

    /// <summary>An earlier build must not take the message of a crash kernel for a beacon, so it has a version of its own.</summary>
    public const byte CrashVersion = 2;

    public const int KeyBytes = 32;

    public const int MaxExtension = 512;

    /// <summary>No beacon is longer.</summary>
    public const int MaxBytes = HeaderBytes + (BeaconPacket.MaxOpinions * OpinionBytes) + MaxExtension + SealBytes;

    private const int HeaderBytes = 36;
    private const int OpinionBytes = 3;
    private const int SealBytes = 16;
    private const ushort AgentAliveFlag = 1;
    private const byte AcknowledgementKind = 1;
    private const byte UnfedKind = 2;
    private const byte SentKind = 3;
    private const int FieldHeaderBytes = 3;
    private const int AcknowledgementBytes = 6;

    private readonly byte[] key;
    private readonly ulong clusterTag;

    public BeaconSeal(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
            throw new ArgumentException($"A cluster key has {KeyBytes} bytes, not {key.Length}.", nameof(key));
        this.key = key.ToArray();
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(this.key, "mainstay beacon cluster"u8, tag);
        clusterTag = BinaryPrimitives.ReadUInt64BigEndian(tag);
    }

    private static ReadOnlySpan<byte> Magic => "MSB"u8;

    /// <summary>The text of a key file as a key; null when it is not one.</summary>
    public static BeaconSeal? FromText(string text)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + 16];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var written) && written == KeyBytes
            ? new BeaconSeal(bytes[..written])
            : null;
    }

    /// <summary>Returns the length of the datagram. The buffer has room for <see cref="MaxBytes"/>.</summary>
    public int Write(in BeaconPacket packet, Span<byte> buffer)
    {
        Magic.CopyTo(buffer);
        buffer[3] = packet.Crashed ? CrashVersion : Version;
        BinaryPrimitives.WriteUInt64BigEndian(buffer[4..], clusterTag);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[12..], packet.Host);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[14..], packet.AgentAlive ? AgentAliveFlag : (ushort)0);
        BinaryPrimitives.WriteUInt64BigEndian(buffer[16..], packet.Session);
        BinaryPrimitives.WriteUInt64BigEndian(buffer[24..], packet.Sequence);
        var opinions = packet.Crashed ? [] : packet.Opinions;
        buffer[32] = (byte)opinions.Length;
        buffer[33] = 0;
        var at = HeaderBytes;
        foreach (var opinion in opinions)
        {
            BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], opinion.Host);
            buffer[at + 2] = opinion.Silence;
            at += OpinionBytes;
        }

        var extension = packet.Crashed ? 0 : WriteAcknowledgements(packet, buffer[at..]);
        if (!packet.Crashed && packet.Unfed is { } unfed)
            extension += WriteUnfed(unfed, buffer[(at + extension)..]);
        if (!packet.Crashed && packet.Sent is { } sent)
            extension += WriteSent(sent, buffer[(at + extension)..]);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[34..], (ushort)extension);
        at += extension;
        Sign(buffer[..at], buffer.Slice(at, SealBytes));
        return at + SealBytes;
    }

    /// <summary>Cheap checks first, so that strangers cost little; the packet is filled only when the seal is good.</summary>
    public BeaconRefusal Read(ReadOnlySpan<byte> datagram, ref BeaconPacket packet)
    {
        if (datagram.Length is < HeaderBytes + SealBytes or > MaxBytes || !datagram.StartsWith(Magic))
            return BeaconRefusal.Malformed;
        if (datagram[3] is not (Version or CrashVersion))
            return BeaconRefusal.OtherVersion;
        if (BinaryPrimitives.ReadUInt64BigEndian(datagram[4..]) != clusterTag)
            return BeaconRefusal.OtherCluster;
        var count = datagram[32];
        var extension = BinaryPrimitives.ReadUInt16BigEndian(datagram[34..]);
        var body = HeaderBytes + (count * OpinionBytes) + extension;
        if (count > BeaconPacket.MaxOpinions || extension > MaxExtension || datagram.Length != body + SealBytes)
            return BeaconRefusal.Malformed;
        Span<byte> seal = stackalloc byte[SealBytes];
        Sign(datagram[..body], seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, datagram[body..]))
            return BeaconRefusal.Forged;
        packet.Host = BinaryPrimitives.ReadUInt16BigEndian(datagram[12..]);
        packet.AgentAlive = (BinaryPrimitives.ReadUInt16BigEndian(datagram[14..]) & AgentAliveFlag) != 0;
        packet.Crashed = datagram[3] == CrashVersion;
        packet.Session = BinaryPrimitives.ReadUInt64BigEndian(datagram[16..]);
        packet.Sequence = BinaryPrimitives.ReadUInt64BigEndian(datagram[24..]);
        packet.ClearOpinions();
        for (var at = HeaderBytes; at < HeaderBytes + (count * OpinionBytes); at += OpinionBytes)
            packet.Add(new BeaconOpinion(BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]), datagram[at + 2]));
        packet.ClearAcknowledgements();
        (packet.Unfed, packet.Sent) = (null, null);
        return ReadExtension(datagram[(body - extension)..body], ref packet) ? BeaconRefusal.None : BeaconRefusal.Malformed;
    }

    private static int WriteAcknowledgements(in BeaconPacket packet, Span<byte> room)
    {
        var acknowledgements = packet.Acknowledgements;
        if (acknowledgements.IsEmpty)
            return 0;
        room[0] = AcknowledgementKind;
        BinaryPrimitives.WriteUInt16BigEndian(room[1..], (ushort)(acknowledgements.Length * AcknowledgementBytes));
        var at = FieldHeaderBytes;
        foreach (var acknowledgement in acknowledgements)
        {
            BinaryPrimitives.WriteUInt16BigEndian(room[at..], acknowledgement.Host);
            BinaryPrimitives.WriteUInt32BigEndian(room[(at + 2)..], acknowledgement.Sequence);
            at += AcknowledgementBytes;
        }

        return at;
    }

    private static int WriteUnfed(uint milliseconds, Span<byte> room)
    {
        room[0] = UnfedKind;
        BinaryPrimitives.WriteUInt16BigEndian(room[1..], sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(room[FieldHeaderBytes..], milliseconds);
        return FieldHeaderBytes + sizeof(uint);
    }

    private static int WriteSent(long ticks, Span<byte> room)
    {
        room[0] = SentKind;
        BinaryPrimitives.WriteUInt16BigEndian(room[1..], sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(room[FieldHeaderBytes..], ticks);
        return FieldHeaderBytes + sizeof(long);
    }

    private static bool ReadExtension(ReadOnlySpan<byte> extension, ref BeaconPacket packet)
    {
        while (extension.Length >= FieldHeaderBytes)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(extension[1..]);
            if (FieldHeaderBytes + length > extension.Length)
                return false;
            var field = extension.Slice(FieldHeaderBytes, length);
            if (extension[0] == AcknowledgementKind)
            {
                for (; field.Length >= AcknowledgementBytes; field = field[AcknowledgementBytes..])
                {
                    packet.Add(new BeaconAcknowledgement(
                        BinaryPrimitives.ReadUInt16BigEndian(field), BinaryPrimitives.ReadUInt32BigEndian(field[2..])));
                }
            }

            else if (extension[0] == UnfedKind && field.Length >= sizeof(uint))
            {
                packet.Unfed = BinaryPrimitives.ReadUInt32BigEndian(field);
            }
            else if (extension[0] == SentKind && field.Length >= sizeof(long))
            {
                packet.Sent = BinaryPrimitives.ReadInt64BigEndian(field);
            }

            extension = extension[(FieldHeaderBytes + length)..];
        }

        return extension.IsEmpty;
    }

    private void Sign(ReadOnlySpan<byte> body, Span<byte> seal)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, body, full);
        full[..SealBytes].CopyTo(seal);
    }
}
