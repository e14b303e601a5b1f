using System.Globalization;
using System.Runtime.InteropServices;
using Mainstay.Beacon.Native;

namespace Mainstay.Beacon;

/// <summary>
/// Puts the whole process under real-time scheduling and locks its memory. A single thread of it would still wait for the others.
/// </summary>
internal static unsafe class RealTime
{
    /// <summary>Above everything normal, below the kernel's own real-time threads.</summary>
    private const int Priority = 10;

    public static void Enter()
    {
        if (Libc.LockAllMemory(Linux.LockCurrentAndFuture) != 0)
        {
            Note.Write($"memory cannot be locked ({Why()}): under memory pressure beacons may come late. "
                + "Run as root or raise LimitMEMLOCK.");
        }

        if (Libc.GetScheduler(0) is Linux.RoundRobin or Linux.Fifo)
            return;
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            var priority = Priority;
            var thread = int.Parse(Path.GetFileName(task.AsSpan()), CultureInfo.InvariantCulture);
            if (Libc.SetScheduler(thread, Linux.RoundRobin, &priority) == 0)
                continue;
            Note.Write($"real-time scheduling is refused ({Why()}): under load beacons may come late. "
                + "Run as root or with CPUSchedulingPolicy=rr.");
            return;
        }
    }

    private static string Why() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}
