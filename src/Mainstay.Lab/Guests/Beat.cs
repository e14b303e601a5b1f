using System.Buffers.Binary;

namespace Mainstay.Lab.Guests;

/// <summary>
/// One beat of a guest as it stands on its disk. boot-sector.S and guest-init.c write it; their heads describe the layout.
/// </summary>
/// <param name="Counter">One more than the beat found before it, whoever wrote that.</param>
/// <param name="Life">Random per start of the guest: two lives are two writers.</param>
/// <param name="Number">1 for the first beat of a life.</param>
/// <param name="FoundCounter">The last beat on the disk when this one was made.</param>
/// <param name="Strangers">How often this life has found a beat of another life after its own first.</param>
/// <param name="Tick">The guest's clock in ticks of 1/18.2 s since midnight.</param>
internal sealed record Beat(uint Counter, ulong Life, uint Number, uint FoundCounter, ulong FoundLife, uint Strangers, uint Tick)
{
    public const int SectorSize = 512;
    public const int RingStart = 64;
    public const int RingLength = 16384;
    public const long DiskSize = 9 * 1024 * 1024;

    private const uint Magic = 0x3154424d;

    /// <summary>Null when the sector holds no beat.</summary>
    public static Beat? Parse(ReadOnlySpan<byte> sector) =>
        BinaryPrimitives.ReadUInt32LittleEndian(sector) != Magic ? null : new Beat(
            BinaryPrimitives.ReadUInt32LittleEndian(sector[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(sector[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(sector[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(sector[20..]),
            BinaryPrimitives.ReadUInt64LittleEndian(sector[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(sector[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(sector[36..]));
}
