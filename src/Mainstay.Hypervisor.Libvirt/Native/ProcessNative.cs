using System.Runtime.InteropServices;

namespace Mainstay.Hypervisor.Libvirt.Native;

/// <summary>Process descriptors of the kernel; by number, because older C libraries lack the functions.</summary>
internal static unsafe partial class ProcessNative
{
    internal const short PollIn = 1;
    private const nint PidfdSendSignalNumber = 424;
    private const nint PidfdOpenNumber = 434;
    private const int SigKill = 9;

    internal static nint OpenPidfd(int pid) => SysCall(PidfdOpenNumber, pid, 0, 0, 0);

    internal static nint Kill(nint pidfd) => SysCall(PidfdSendSignalNumber, pidfd, SigKill, 0, 0);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SysCall(nint number, nint first, nint second, nint third, nint fourth);

    internal struct PollDescriptor
    {
        internal int Descriptor;
        internal short Wanted;
        internal short Seen;
    }
}
