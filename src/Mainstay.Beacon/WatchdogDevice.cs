using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mainstay.Beacon.Native;
using Mainstay.Core.Lease;

namespace Mainstay.Beacon;

/// <summary>
/// An open watchdog device (Linux watchdog API): any written byte feeds it, and <c>V</c> is leave to be closed without a reset, unless
/// the driver was loaded with <c>nowayout</c>.
/// </summary>
internal sealed unsafe class WatchdogDevice : IDisposable
{
    /// <summary>Who else may have it, and what to do about it.</summary>
    public const string OpenElsewhere = "if something else has it open, such as systemd: RuntimeWatchdogSec=0 and RebootWatchdogSec=0 in "
        + "/etc/systemd/system.conf, then systemctl daemon-reexec";

    private const int IdentityAt = 8;
    private const int InfoBytes = 40;

    /// <summary>WDIOF_MAGICCLOSE: closed without leave it stays armed.</summary>
    private const int AsksForLeave = 0x0100;

    private readonly string path;
    private readonly bool asksForLeave;

    public WatchdogDevice(string path, int descriptor)
    {
        (this.path, Descriptor) = (path, descriptor);
        var info = stackalloc byte[InfoBytes];
        if (Libc.Control(descriptor, Linux.WatchdogGetSupport, (int*)info) == 0)
        {
            asksForLeave = (*(int*)info & AsksForLeave) != 0;
            var name = new ReadOnlySpan<byte>(info + IdentityAt, InfoBytes - IdentityAt);
            var end = name.IndexOf((byte)0);
            Driver = string.Join(' ', Encoding.ASCII.GetString(end < 0 ? name : name[..end])
                .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        CannotBeClosed = ReadNoWayOut(path);
    }

    public int Descriptor { get; }

    /// <summary>What its driver calls itself; null when it does not say, as a pipe in the lab.</summary>
    public string? Driver { get; }

    /// <summary>Loaded with <c>nowayout</c>: once open, it stays armed.</summary>
    public bool CannotBeClosed { get; }

    /// <summary>In seconds; null when it does not say.</summary>
    public int? Timeout
    {
        get
        {
            int seconds;
            return Libc.Control(Descriptor, Linux.WatchdogGetTimeout, &seconds) == 0 ? seconds : null;
        }
    }

    /// <summary>Null when it cannot be opened; <see cref="Why"/> says why not.</summary>
    public static WatchdogDevice? Open(string path)
    {
        int descriptor;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
            descriptor = Libc.Open(name, Linux.WriteOnly | Linux.NonBlocking | Linux.CloseOnExec);
        return descriptor < 0 ? null : new WatchdogDevice(path, descriptor);
    }

    /// <summary>Why the last call failed.</summary>
    public static string Why() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    /// <summary>What the driver made of it, which may be more; null when it cannot be set. Most drivers feed the device with it.</summary>
    public int? SetTimeout(int seconds) => Libc.Control(Descriptor, Linux.WatchdogSetTimeout, &seconds) == 0 ? seconds : null;

    public WatchdogFitness Fitness() => new(Driver, Timeout, CannotBeClosed || asksForLeave, IsVirtualMachine());

    public bool Put(byte value) => Libc.Write(Descriptor, &value, 1) == 1;

    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{path}, {Driver ?? "no name"}, timeout {(Timeout is { } s ? $"{s} s" : "unknown")}{(CannotBeClosed ? ", nowayout" : "")}");

    public void Dispose() => _ = Libc.Close(Descriptor);

    // Memory of the kernel, not a disk.
    private static bool IsVirtualMachine()
    {
        try
        {
            return WatchdogFitness.AreVirtual(File.ReadAllText("/proc/cpuinfo"));
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    // Memory of the kernel, not a disk. /dev/watchdog is the first device by another name.
    private static bool ReadNoWayOut(string path)
    {
        var name = Path.GetFileName(path) is var last && last == "watchdog" ? "watchdog0" : last;
        try
        {
            return File.ReadAllText($"/sys/class/watchdog/{name}/nowayout").Trim() == "1";
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
