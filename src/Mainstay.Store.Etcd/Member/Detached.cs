using System.Runtime.InteropServices;

namespace Mainstay.Store.Etcd.Member;

/// <summary>
/// Starts a process in a session of its own, with its output in a file and nothing inherited: it outlives the agent. The framework's
/// Process can neither make a session nor redirect to a file.
/// </summary>
internal static unsafe partial class Detached
{
    // glibc's sizes are 80 and 336 bytes on 64-bit Linux.
    private const int OpaqueSize = 512;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int WriteOnlyCreateAppend = 0x1 | 0x40 | 0x400;
    private const int OwnerReadWrite = 0x180;
    private const int NoHang = 1;

    /// <summary>Returns the process id, or the system's error number as a negative value.</summary>
    public static int Start(string executable, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string outputFile)
    {
        var actions = stackalloc byte[OpaqueSize];
        var attributes = stackalloc byte[OpaqueSize];
        var signals = stackalloc byte[128];
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        var argv = Texts([executable, .. arguments]);
        var envp = Texts(environment);
        try
        {
            _ = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", 0, 0);
            _ = posix_spawn_file_actions_addopen(actions, 1, outputFile, WriteOnlyCreateAppend, OwnerReadWrite);
            _ = posix_spawn_file_actions_adddup2(actions, 1, 2);
            _ = sigemptyset(signals);
            _ = posix_spawnattr_setsigmask(attributes, signals);
            _ = sigfillset(signals);
            _ = posix_spawnattr_setsigdefault(attributes, signals);
            _ = posix_spawnattr_setflags(attributes, SetSession | SetSignalMask | SetSignalDefaults);
            var error = posix_spawn(out var pid, executable, actions, attributes, argv, envp);
            return error == 0 ? pid : -error;
        }
        finally
        {
            Free(argv);
            Free(envp);
            _ = posix_spawnattr_destroy(attributes);
            _ = posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>Takes the exit status of a child that has ended; without effect for other processes.</summary>
    public static void Reap(int pid) => _ = waitpid(pid, out _, NoHang);

    /// <summary>False when there is no such process.</summary>
    public static bool Signal(int pid, int signal) => kill(pid, signal) == 0;

    private static byte** Texts(IReadOnlyList<string> texts)
    {
        var array = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
            array[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        return array;
    }

    private static void Free(byte** texts)
    {
        for (var at = texts; *at is not null; at++)
            Marshal.FreeCoTaskMem((nint)(*at));
        NativeMemory.Free(texts);
    }

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* signals);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(out int pid, string path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, out int status, int options);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
