using System.Buffers.Binary;

namespace Mainstay.Lab.Guests;

/// <summary>Finds the compressed kernel inside a bzImage (Linux x86 boot protocol: setup_sects, payload_offset, payload_length).</summary>
internal static class KernelPayload
{
    private const int SetupSectors = 0x1f1;
    private const int PayloadOffset = 0x248;
    private const int PayloadLength = 0x24c;

    public static ReadOnlyMemory<byte> Find(byte[] image)
    {
        // Zero means four, from the days before the field existed.
        var setup = ((image[SetupSectors] == 0 ? 4 : image[SetupSectors]) + 1) * 512;
        var start = setup + BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(PayloadOffset));
        return image.AsMemory(start, BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(PayloadLength)));
    }

    public static bool IsProgram(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> head = stackalloc byte[4];
        return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual("\u007fELF"u8);
    }
}
