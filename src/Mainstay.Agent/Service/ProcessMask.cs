using System.Runtime.InteropServices;

namespace Mainstay.Agent.Service;

/// <summary>The file mode mask of this process.</summary>
internal static partial class ProcessMask
{
    private const uint OwnerOnly = 0x3f;

    /// <summary>New files and sockets are readable and writable for their owner only (umask 077).</summary>
    public static void Set() => _ = Umask(OwnerOnly);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);
}
