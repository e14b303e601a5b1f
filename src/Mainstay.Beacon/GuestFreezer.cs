using System.Text;
using Mainstay.Beacon.Native;

namespace Mainstay.Beacon;

/// <summary>
/// Freezes a guest with all its helpers by its control group (cgroup v2): stronger than a signal, which any process may lift. Does not
/// allocate. Only a group that libvirt made for one guest is touched.
/// </summary>
internal sealed unsafe class GuestFreezer
{
    private const int LongestPath = 1024;

    private readonly byte[] text = new byte[4096];
    private readonly byte[] path = new byte[LongestPath + 16];
    private readonly int proc;
    private readonly int groups;

    public GuestFreezer()
    {
        proc = Folder("/proc\0"u8);

        // Alone, or beside the groups of the first version.
        groups = Exists("/sys/fs/cgroup/cgroup.controllers\0"u8) ? Folder("/sys/fs/cgroup\0"u8)
            : Exists("/sys/fs/cgroup/unified/cgroup.controllers\0"u8) ? Folder("/sys/fs/cgroup/unified\0"u8) : -1;
    }

    private static ReadOnlySpan<byte> Unified => "0::/"u8;

    /// <summary>False when it has no group of its own, or that cannot be frozen: then a signal must do.</summary>
    public bool Freeze(int pid) => Set(pid, (byte)'1');

    /// <summary>False when there was nothing to thaw.</summary>
    public bool Thaw(int pid) => Set(pid, (byte)'0');

    /// <summary>
    /// How much of a group's path is the group of one guest: <c>…/machine-qemu\x2d1\x2dweb.scope</c> under systemd,
    /// <c>…/qemu-1-web.libvirt-qemu</c> without; 0 when no part is.
    /// </summary>
    internal static int GuestPart(ReadOnlySpan<byte> group)
    {
        for (int begin = 0, length; begin < group.Length; begin += length + 1)
        {
            var rest = group[begin..];
            length = rest.IndexOf((byte)'/') is var slash and >= 0 ? slash : rest.Length;
            var name = rest[..length];
            if ((name.StartsWith("machine-qemu"u8) && name.EndsWith(".scope"u8)) || name.EndsWith(".libvirt-qemu"u8))
                return begin + length;
        }

        return 0;
    }

    private bool Set(int pid, byte state)
    {
        if (groups < 0 || proc < 0)
            return false;
        var group = GroupOf(pid);
        var own = GuestPart(group);
        if (own is 0 or > LongestPath)
            return false;
        group[..own].CopyTo(path);
        "/cgroup.freeze\0"u8.CopyTo(path.AsSpan(own));
        int file;
        fixed (byte* name = path)
            file = Libc.OpenAt(groups, name, Linux.WriteOnly | Linux.CloseOnExec);
        if (file < 0)
            return false;
        var written = Libc.Write(file, &state, 1) == 1;
        _ = Libc.Close(file);
        return written;
    }

    /// <summary>Its group in the unified hierarchy, without the slash in front; empty when it has none.</summary>
    private ReadOnlySpan<byte> GroupOf(int pid)
    {
        Span<byte> name = stackalloc byte[32];
        if (!pid.TryFormat(name, out var digits))
            return [];
        "/cgroup\0"u8.CopyTo(name[digits..]);
        int file;
        fixed (byte* at = name)
            file = Libc.OpenAt(proc, at, Linux.ReadOnly | Linux.CloseOnExec);
        if (file < 0)
            return [];
        nint got;
        fixed (byte* data = text)
            got = Libc.Read(file, data, (nuint)text.Length);
        _ = Libc.Close(file);
        var all = text.AsSpan(0, (int)Math.Max(0, got));
        while (!all.IsEmpty)
        {
            var end = all.IndexOf((byte)'\n');
            var line = end < 0 ? all : all[..end];
            if (line.StartsWith(Unified))
                return line[Unified.Length..];
            all = end < 0 ? [] : all[(end + 1)..];
        }

        return [];
    }

    private static int Folder(ReadOnlySpan<byte> name)
    {
        fixed (byte* at = name)
            return Libc.Open(at, Linux.ReadOnly | Linux.Directory | Linux.CloseOnExec);
    }

    private static bool Exists(ReadOnlySpan<byte> name) => File.Exists(Encoding.ASCII.GetString(name[..^1]));
}
