using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mainstay.Beacon.Native;

namespace Mainstay.Beacon;

/// <summary>
/// The host's watchdog device. Opened, and so armed, by the first feeding; from then on only feeding keeps the host from being reset.
/// </summary>
/// <remarks>
/// What is known of it stands in a file of two or three lines, which <c>mainstay watchdog measure</c> writes: <c>device /dev/watchdog</c>,
/// <c>reset 3.2</c> (seconds from the last feeding to the reset, as measured), and where the driver takes it <c>timeout 3</c>. The device
/// takes any written byte for a feeding and <c>V</c> as leave to be closed (Linux watchdog API).
/// </remarks>
internal sealed unsafe class Watchdog(string settings) : IDisposable
{
    /// <summary>The measured time is one sample of many: a fifth is added.</summary>
    private const double Margin = 1.2;

    private const byte Food = 0;
    private const byte Leave = (byte)'V';
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private byte[] device = [];
    private int timeout;
    private int descriptor = -1;
    private bool failed;
    private bool doomed;

    /// <summary>From the last feeding to the reset, with margin; null when there is no usable watchdog.</summary>
    public TimeSpan? Reset { get; private set; }

    public bool IsArmed => descriptor >= 0;

    /// <summary>Reads the settings, unless the device is in use already.</summary>
    public void Load()
    {
        if (IsArmed)
            return;
        (device, timeout, Reset) = ([], 0, null);
        try
        {
            foreach (var line in File.ReadAllLines(settings))
                Take(line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or FormatException)
        {
            Note.Write($"{settings}: {unusable.Message}; no watchdog is used");
            (device, Reset) = ([], null);
            return;
        }

        if (device.Length > 0 && Reset is not null)
            return;
        Note.Write($"{settings} names no device or no reset time; no watchdog is used");
        Reset = null;
    }

    public void Feed()
    {
        if (Reset is null || doomed || (!IsArmed && !Open()))
            return;
        if (Put(Food))
            failed = false;
        else if (!failed)
        {
            failed = true;
            Note.Write($"the watchdog cannot be fed: {Why()}");
        }
    }

    /// <summary>Feeding came too late to be allowed: it is not fed again, and asked to be quick.</summary>
    public void ForceReset()
    {
        if (doomed)
            return;
        doomed = true;
        Note.Write("stalled beyond the lease while feeding the watchdog: this host is to be reset");
        var soon = 1;
        _ = Libc.Control(descriptor, Linux.WatchdogSetTimeout, &soon);
    }

    /// <summary>Nothing is left that it guards: it may be closed without a reset.</summary>
    public void Disarm()
    {
        if (IsArmed && !doomed)
            Put(Leave);
    }

    public void Dispose()
    {
        if (IsArmed)
            _ = Libc.Close(descriptor);
        descriptor = -1;
    }

    private void Take(string[] words)
    {
        switch (words)
        {
            case []:
                break;
            case ["device", var path]:
                device = [.. Encoding.UTF8.GetBytes(path), 0];
                break;
            case ["reset", var seconds]
                when double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var s)
                    && s > 0 && TimeSpan.FromSeconds(s) <= Longest:
                Reset = TimeSpan.FromMilliseconds(Math.Ceiling(s * 1000 * Margin));
                break;
            case ["timeout", var seconds] when int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var whole):
                timeout = whole;
                break;
            default:
                throw new FormatException(
                    $"'{string.Join(' ', words)}' is not understood: device PATH, reset SECONDS (up to 60), timeout SECONDS");
        }
    }

    private bool Open()
    {
        fixed (byte* path = device)
            descriptor = Libc.Open(path, Linux.WriteOnly | Linux.NonBlocking | Linux.CloseOnExec);
        if (descriptor < 0)
        {
            if (!failed)
                Note.Write($"the watchdog cannot be opened: {Why()}; does something else use it (systemd's RuntimeWatchdogSec)?");
            failed = true;
            Reset = null;
            return false;
        }

        var wanted = timeout;
        if (timeout > 0 && Libc.Control(descriptor, Linux.WatchdogSetTimeout, &wanted) != 0)
            Note.Write($"the watchdog's timeout cannot be set: {Why()}");
        Note.Write("the watchdog is armed");
        return true;
    }

    private bool Put(byte value) => Libc.Write(descriptor, &value, 1) == 1;

    private static string Why() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}
