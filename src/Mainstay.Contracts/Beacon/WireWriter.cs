using System.Buffers.Binary;
using System.Text;

namespace Mainstay.Contracts.Beacon;

/// <summary>Writes numbers and short texts one after the other into a buffer. Running out of room is remembered, not thrown.</summary>
public ref struct WireWriter(Span<byte> buffer)
{
    private readonly Span<byte> buffer = buffer;

    public int Length { get; private set; }

    /// <summary>Something did not fit: what was written is worth nothing.</summary>
    public bool Overflowed { get; private set; }

    public readonly ReadOnlySpan<byte> Written => buffer[..Length];

    public void Byte(byte value)
    {
        if (Take(1) is { Length: 1 } room)
            room[0] = value;
    }

    public void UInt16(ushort value)
    {
        if (Take(2) is { Length: 2 } room)
            BinaryPrimitives.WriteUInt16BigEndian(room, value);
    }

    public void UInt32(uint value)
    {
        if (Take(4) is { Length: 4 } room)
            BinaryPrimitives.WriteUInt32BigEndian(room, value);
    }

    public void UInt64(ulong value)
    {
        if (Take(8) is { Length: 8 } room)
            BinaryPrimitives.WriteUInt64BigEndian(room, value);
    }

    /// <summary>Two bytes of length, then UTF-8.</summary>
    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > ushort.MaxValue)
        {
            Overflowed = true;
            return;
        }

        UInt16((ushort)length);
        if (Take(length) is var room && room.Length == length)
            Encoding.UTF8.GetBytes(value, room);
    }

    /// <summary>Writes a number into what is already there.</summary>
    public readonly void PatchUInt32(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], value);

    private Span<byte> Take(int count)
    {
        if (Overflowed || Length + count > buffer.Length)
        {
            Overflowed = true;
            return default;
        }

        var room = buffer.Slice(Length, count);
        Length += count;
        return room;
    }
}
