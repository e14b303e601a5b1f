using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mainstay.Hypervisor.Libvirt.Native;

/// <summary>
/// The one event loop of the process, on a thread of its own. It must be registered before the first connection is opened.
/// </summary>
internal static unsafe class LibvirtEventLoop
{
    private const int WakeMilliseconds = 1000;
    private static readonly Lazy<string?> Failure = new(Begin);

    /// <summary>Starts the loop at the first call.</summary>
    internal static void EnsureRunning()
    {
        if (Failure.Value is { } why)
            throw new LibvirtException(0, why);
    }

    private static string? Begin()
    {
        if (LibvirtNative.virInitialize() < 0)
            return "libvirt's client library cannot be initialized";
        // Errors are read per call; without this libvirt also prints them to stderr.
        LibvirtNative.virSetErrorFunc(0, &LibvirtNative.IgnoreError);
        if (LibvirtNative.virEventRegisterDefaultImpl() < 0)
            return "libvirt's event loop cannot be registered";
        // A timer that does nothing bounds every wait of the loop.
        if (LibvirtNative.virEventAddTimeout(WakeMilliseconds, &Wake, 0, null) < 0)
            return "libvirt's event loop takes no timer";
        new Thread(Run) { IsBackground = true, Name = "libvirt-events" }.Start();
        return null;
    }

    private static readonly ManualResetEvent Never = new(false);

    private static void Run()
    {
        while (true)
        {
            if (LibvirtNative.virEventRunDefaultImpl() < 0)
                Never.WaitOne(WakeMilliseconds);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Wake(int timer, nint opaque)
    {
    }
}
