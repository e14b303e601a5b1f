using System.Buffers.Binary;
using System.Text;

namespace Mainstay.Contracts.Beacon;

/// <summary>Reads what <see cref="WireWriter"/> wrote. Reading past the end is remembered and yields zeros, never an exception.</summary>
public ref struct WireReader(ReadOnlySpan<byte> buffer)
{
    private readonly ReadOnlySpan<byte> buffer = buffer;
    private int at;

    /// <summary>Something was missing: what was read is worth nothing.</summary>
    public bool Failed { get; private set; }

    public readonly bool AtEnd => at == buffer.Length;

    public byte Byte() => Take(1) is { Length: 1 } bytes ? bytes[0] : default;

    public ushort UInt16() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;

    public uint UInt32() => Take(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : default;

    public ulong UInt64() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : default;

    public string Text() => Encoding.UTF8.GetString(Take(UInt16()));

    /// <summary>A count of things to follow; too many is a failure, so that nobody can make us reserve room without end.</summary>
    public int Count(int atMost)
    {
        var count = UInt16();
        if (count <= atMost)
            return Failed ? 0 : count;
        Failed = true;
        return 0;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || at + count > buffer.Length)
        {
            Failed = true;
            return default;
        }

        at += count;
        return buffer.Slice(at - count, count);
    }
}
