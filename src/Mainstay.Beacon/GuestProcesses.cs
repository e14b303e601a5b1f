using System.Buffers.Binary;
using System.Text;
using Mainstay.Beacon.Native;

namespace Mainstay.Beacon;

/// <summary>
/// Finds the QEMU processes of this host in /proc, without libvirt and without allocation: whoever has <c>-uuid X</c> among its arguments.
/// </summary>
internal sealed unsafe class GuestProcesses
{
    private const int EntryName = 19;
    private const int EntryLength = 16;
    private const int UuidLength = 36;

    private readonly byte[] entries = new byte[32 * 1024];
    private readonly byte[] arguments = new byte[64 * 1024];
    private readonly char[] uuid = new char[UuidLength];
    private readonly int proc;

    public GuestProcesses()
    {
        fixed (byte* path = "/proc\0"u8)
            proc = Libc.Open(path, Linux.ReadOnly | Linux.Directory | Linux.CloseOnExec);
    }

    /// <summary>What is to be done with a process found.</summary>
    public delegate void Visitor(int pid, ReadOnlySpan<char> uuid);

    private static ReadOnlySpan<byte> Option => "\0-uuid\0"u8;

    /// <summary>Shows every guest process there is. False when /proc could not be read to its end.</summary>
    public bool Visit(Visitor visitor)
    {
        if (proc < 0 || Libc.Seek(proc, 0, 0) != 0)
            return false;
        fixed (byte* buffer = entries)
        {
            while (true)
            {
                var got = (int)Libc.ListDirectory(proc, buffer, (nuint)entries.Length);
                if (got <= 0)
                    return got == 0;
                for (var at = 0; at < got; at += BinaryPrimitives.ReadUInt16LittleEndian(entries.AsSpan(at + EntryLength)))
                    Look(entries.AsSpan(at + EntryName), visitor);
            }
        }
    }

    private void Look(ReadOnlySpan<byte> name, Visitor visitor)
    {
        var pid = 0;
        var digits = 0;
        for (; name[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
            pid = (pid * 10) + (name[digits] - '0');
        if (digits == 0 || name[digits] != 0)
            return;
        var length = ReadArguments(name[..digits]);
        var found = arguments.AsSpan(0, length).IndexOf(Option);
        if (found < 0 || found + Option.Length + UuidLength > length)
            return;
        Encoding.ASCII.GetChars(arguments.AsSpan(found + Option.Length, UuidLength), uuid);
        visitor(pid, uuid);
    }

    private int ReadArguments(ReadOnlySpan<byte> pid)
    {
        Span<byte> path = stackalloc byte[32];
        pid.CopyTo(path);
        "/cmdline\0"u8.CopyTo(path[pid.Length..]);
        int file;
        fixed (byte* name = path)
            file = Libc.OpenAt(proc, name, Linux.ReadOnly | Linux.CloseOnExec);
        if (file < 0)
            return 0;
        var length = 0;
        fixed (byte* data = arguments)
        {
            nint got;
            while (length < arguments.Length && (got = Libc.Read(file, data + length, (nuint)(arguments.Length - length))) > 0)
                length += (int)got;
        }

        _ = Libc.Close(file);
        return length;
    }
}
