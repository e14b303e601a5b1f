using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Mainstay.Beacon.Native;

/// <summary>A socket address as the kernel takes it (sockaddr_in or sockaddr_in6), built once and then passed without allocation.</summary>
internal struct Endpoint
{
    public const int MaxBytes = 28;

    private Bytes bytes;

    public int Length { get; private set; }

    public int Family { get; private set; }

    /// <summary>The bytes of the address alone, without port and scope.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> Host => Family == Linux.FamilyInet ? Raw.Slice(4, 4) : Raw.Slice(8, 16);

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public Span<byte> Raw => bytes;

    /// <summary>Null when the text is no address: names are never looked up here.</summary>
    public static Endpoint? Parse(string address, int port)
    {
        if (!IPAddress.TryParse(address, out var ip))
            return null;
        var inet6 = ip.AddressFamily == AddressFamily.InterNetworkV6;
        var endpoint = new Endpoint { Family = inet6 ? Linux.FamilyInet6 : Linux.FamilyInet, Length = inet6 ? 28 : 16 };
        var raw = endpoint.Raw;
        MemoryMarshal.Write(raw, (ushort)endpoint.Family);
        BinaryPrimitives.WriteUInt16BigEndian(raw[2..], (ushort)port);
        ip.TryWriteBytes(raw[(inet6 ? 8 : 4)..], out _);
        if (inet6)
            MemoryMarshal.Write(raw[24..], (uint)ip.ScopeId);
        return endpoint;
    }

    /// <summary>A unix socket address of this path, and its length.</summary>
    public static byte[] Unix(string path)
    {
        var name = Encoding.UTF8.GetBytes(path);
        if (name.Length > 107)
            throw new ArgumentException($"The path of a unix socket has at most 107 bytes: '{path}'.", nameof(path));
        var raw = new byte[2 + name.Length + 1];
        MemoryMarshal.Write(raw, (ushort)Linux.FamilyUnix);
        name.CopyTo(raw, 2);
        return raw;
    }

    [InlineArray(MaxBytes)]
    private struct Bytes
    {
        private byte first;
    }
}
