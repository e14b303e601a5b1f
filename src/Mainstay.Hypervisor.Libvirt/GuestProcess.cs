using Mainstay.Hypervisor.Libvirt.Native;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>The QEMU process of a guest, held by a process descriptor: the number cannot come to mean another process.</summary>
internal sealed class GuestProcess : IDisposable
{
    private readonly SafeFileHandle descriptor;

    private GuestProcess(int pid, SafeFileHandle descriptor)
    {
        Pid = pid;
        this.descriptor = descriptor;
    }

    internal int Pid { get; }

    /// <summary>True once every thread of the process has ended (not merely its first one).</summary>
    internal unsafe bool HasEnded
    {
        get
        {
            var poll = new ProcessNative.PollDescriptor
            {
                Descriptor = (int)descriptor.DangerousGetHandle(),
                Wanted = ProcessNative.PollIn,
            };
            return ProcessNative.Poll(&poll, 1, 0) > 0 && (poll.Seen & ProcessNative.PollIn) != 0;
        }
    }

    /// <summary>All processes of the guest. Reads /proc, which can block on a process that is stuck in the kernel.</summary>
    internal static List<GuestProcess> Open(string uuid)
    {
        var opened = new List<GuestProcess>();
        foreach (var seen in GuestProcessScan.Run())
        {
            if (!string.Equals(seen.Uuid, uuid, StringComparison.OrdinalIgnoreCase))
                continue;
            var number = ProcessNative.OpenPidfd(seen.Pid);
            if (number < 0)
                continue;
            var process = new GuestProcess(seen.Pid, new SafeFileHandle(number, ownsHandle: true));
            // The number was looked up before it was pinned: what is pinned must still be this guest.
            if (GuestProcessScan.Read(seen.Pid) is { } again && string.Equals(again.Uuid, uuid, StringComparison.OrdinalIgnoreCase))
                opened.Add(process);
            else
                process.Dispose();
        }

        return opened;
    }

    internal void Kill()
    {
        // A process that ended meanwhile is what is wanted; one that resists is seen by HasEnded.
        _ = ProcessNative.Kill(descriptor.DangerousGetHandle());
    }

    public void Dispose() => descriptor.Dispose();
}
