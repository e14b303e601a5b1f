using System.Runtime.InteropServices;

namespace Mainstay.Lab.Processes;

/// <summary>The few calls of the kernel that .NET does not offer.</summary>
internal static partial class Posix
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;
    public const int Terminate = 15;

    public const uint InotifyModify = 0x2;
    public const uint InotifyCreate = 0x100;
    public const int CloseOnExec = 0x80000;
    public const short PollIn = 1;

    private const int ReadWriteNonBlocking = 0x2 | 0x800;
    private const int WriteCreateAppend = 0x1 | 0x40 | 0x400;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int InotifyOpen(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int InotifyAdd(int descriptor, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, [Out] byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, int mode);

    /// <summary>A named pipe, in place of whatever is there.</summary>
    public static void MakePipe(string path)
    {
        File.Delete(path);
        if (MakeFifo(path, 0x180) != 0)
            throw new LabException($"{path} cannot be made (error {Marshal.GetLastPInvokeError()}).");
    }

    /// <summary>Opens a named pipe for reading, so that it never ends and reading never waits.</summary>
    public static int OpenPipe(string path) => Open(path, ReadWriteNonBlocking | CloseOnExec, 0) is var descriptor and >= 0
        ? descriptor
        : throw new LabException($"{path} cannot be opened (error {Marshal.GetLastPInvokeError()}).");

    /// <summary>False when there is no such process any more.</summary>
    public static bool Signal(int pid, int signal) => SendSignal(pid, signal) == 0;

    /// <summary>Lets this process and its children write to a file instead of the terminal or pipe that they were started with.</summary>
    public static void RedirectOutput(string path)
    {
        var log = Open(path, WriteCreateAppend, 0x180);
        var nothing = Open("/dev/null", 0, 0);
        if (log < 0 || nothing < 0 || Duplicate(nothing, 0) < 0 || Duplicate(log, 1) < 0 || Duplicate(log, 2) < 0)
            throw new LabException($"{path} cannot be written (error {Marshal.GetLastPInvokeError()}).");
        _ = Close(log);
        _ = Close(nothing);
    }
}
