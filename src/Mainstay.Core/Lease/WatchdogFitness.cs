using System.Globalization;

namespace Mainstay.Core.Lease;

/// <summary>
/// Whether a lease may be promised by a watchdog (V6). One that stops with what it guards, or can be stopped by the death of its feeder,
/// ends nothing.
/// </summary>
/// <param name="Driver">What its driver calls itself; null when it does not say, as the device of the lab.</param>
/// <param name="Timeout">What it is set to, in seconds; null when it does not say.</param>
/// <param name="StaysArmed">Closed without leave it goes on: by <c>nowayout</c>, or as its driver asks for leave (magic close).</param>
/// <param name="Virtual">The machine is a virtual one.</param>
public sealed record WatchdogFitness(string? Driver, int? Timeout, bool StaysArmed, bool Virtual)
{
    /// <summary>What Linux's softdog calls itself.</summary>
    public const string Softdog = "Software Watchdog";

    /// <summary>Whether the processors that Linux lists in <c>/proc/cpuinfo</c> are those of a virtual machine.</summary>
    public static bool AreVirtual(string processors) => processors.Contains(" hypervisor", StringComparison.Ordinal);

    /// <summary>Why no lease is promised by it; null when one may be.</summary>
    /// <param name="measured">Which driver was measured; null when that is not known.</param>
    /// <param name="reset">From the last feeding to the reset, as reckoned with.</param>
    /// <param name="acceptsVirtual">Whoever set it up answers for it that this machine is never paused while it counts.</param>
    public string? WhyNot(string? measured, TimeSpan reset, bool acceptsVirtual)
    {
        if (Driver is null)
            return null;
        if (Driver == Softdog)
            return "softdog is a timer of the kernel whose hang it should end, and no watchdog";
        if (Virtual && !acceptsVirtual)
        {
            return "this host is a virtual machine, and while that is paused its watchdog stands still; 'virtual yes' in the settings "
                + "says that nobody pauses it";
        }

        if (!StaysArmed)
            return "its driver disarms it when the beacon dies; load it with nowayout=1";
        if (measured is not null && Driver != measured)
            return $"the watchdog is '{Driver}' now, and '{measured}' was measured";
        return Timeout > reset.TotalSeconds
            ? string.Create(CultureInfo.InvariantCulture, $"the watchdog's timeout is {Timeout} s, longer than its measured reset time")
            : null;
    }
}
