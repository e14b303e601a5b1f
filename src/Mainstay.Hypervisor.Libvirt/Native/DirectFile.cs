using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Mainstay.Hypervisor.Libvirt.Native;

/// <summary>A file that is written to the medium and read back past the page cache, where the filesystem can.</summary>
internal static unsafe partial class DirectFile
{
    private const int Block = 4096;
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int SyncData = 0x1000;
    private const int CloseOnExec = 0x80000;

    /// <summary>O_DIRECT differs between the architectures that .NET runs on.</summary>
    private static readonly int Direct =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x10000 : 0x4000;

    /// <summary>
    /// Writes one block into a file without a name in the directory and reads it back. Blocks for as long as the storage does.
    /// </summary>
    internal static void WriteAndRead(string directory)
    {
        var path = Path.Combine(directory, $".mainstay-probe-{Environment.MachineName}");
        var file = Open(path, ReadWrite | Create | SyncData | CloseOnExec | Direct, 0x180);
        if (file < 0)
            file = Open(path, ReadWrite | Create | SyncData | CloseOnExec, 0x180); // tmpfs has no direct access.
        if (file < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        var block = NativeMemory.AlignedAlloc(Block, Block);
        try
        {
            _ = Unlink(path);
            NativeMemory.Clear(block, Block);
            if (Write(file, block, Block, 0) != Block || Read(file, block, Block, 0) != Block)
                throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
        finally
        {
            NativeMemory.AlignedFree(block);
            _ = Close(file);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "unlink", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint Write(int file, void* data, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint Read(int file, void* data, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
