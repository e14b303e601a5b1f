using System.Globalization;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;

namespace Mainstay.Core.Health;

/// <summary>Judges the hosts' watchdogs: V4, how long they take and how that is known, and V6, whether they are worth a lease.</summary>
internal static class WatchdogRules
{
    private static readonly TimeSpan LongestReset = TimeSpan.FromSeconds(12);

    /// <summary>
    /// V4: a watchdog that takes long makes the lease useless rather than unsafe, the safe time grows with it; one that was not measured
    /// as it is now makes it unsafe.
    /// </summary>
    public static IEnumerable<Finding> V4(CheckInputs inputs) => inputs.Readings.Where(r => r.Watchdog is not null).SelectMany(Timed);

    /// <summary>V6: where no lease is kept, or one that is worth less than it promises, and why.</summary>
    public static IEnumerable<Finding> V6(CheckInputs inputs) => inputs.View.Hosts.Count < LeaseRules.FewestKeepers
        ? []
        : inputs.Readings.Where(r => !inputs.View.IsWitness(r.Host))
            .SelectMany(r => r.Watchdog is null ? [Missing(r)] : r.Device is { Driver: not null } device ? Weak(r.Host, device) : []);

    private static IEnumerable<Finding> Timed(HostReading reading)
    {
        if (reading.Watchdog > LongestReset)
        {
            yield return new Finding("V4", FindingSeverity.Warn, reading.Host,
                $"its watchdog resets it later than {Text(LongestReset)}, margin included, so its guests wait long for the lease",
                Text(reading.Watchdog ?? TimeSpan.Zero), Measure("a shorter timeout"));
        }

        if (reading.Device is not { Driver: not null } device)
            yield break;
        if (device.Measured is null)
        {
            yield return new Finding("V4", FindingSeverity.Warn, reading.Host,
                "nobody measured how long its watchdog takes to reset it", "written by hand", Measure("its timeout"));
        }
        else if (device.Stale is { } stale)
        {
            yield return new Finding("V4", FindingSeverity.Warn, reading.Host,
                "its watchdog was measured on something else than it is now", stale, Measure("its timeout"));
        }

        if (device.Timeout is { } seconds && TimeSpan.FromSeconds(seconds) > reading.Watchdog)
        {
            yield return new Finding("V4", FindingSeverity.Refuse, reading.Host,
                "its watchdog is set to longer than the reset time that its lease reckons with",
                Text(TimeSpan.FromSeconds(seconds)), Measure("its timeout"));
        }
    }

    private static Finding Missing(HostReading reading) => reading.Device?.Driver == WatchdogFitness.Softdog
        ? new Finding("V6", FindingSeverity.Warn, reading.Host,
            "it keeps no lease: its watchdog is a timer of its own kernel, and one that hangs may run guests on", WatchdogFitness.Softdog,
            "load the driver of its hardware's watchdog (such as iTCO_wdt, i6300esb or ipmi_watchdog) and measure that one")
        : reading.Device?.Holder is { } holder
        ? new Finding("V6", FindingSeverity.Warn, reading.Host, "it keeps no lease: something else has its watchdog", holder,
            holder == "systemd"
                ? "set RuntimeWatchdogSec=0 and RebootWatchdogSec=0 in /etc/systemd/system.conf there, then systemctl daemon-reexec"
                : "stop that program (fuser /dev/watchdog) and keep it stopped")
        : reading.Device is { Virtual: true, Measured: not null }
        ? new Finding("V6", FindingSeverity.Warn, reading.Host,
            "it keeps no lease: it is a virtual machine, and while that is paused its watchdog stands still too",
            reading.Device.Driver ?? "unknown", "if nobody can pause it, write the line 'virtual yes' to its /etc/mainstay/watchdog")
        : new Finding("V6", FindingSeverity.Warn, reading.Host, "it keeps no lease: it has no watchdog that was measured",
            reading.Device?.Driver ?? "none", $"drain it and run mainstay watchdog measure on {reading.Host}");

    private static IEnumerable<Finding> Weak(HostId host, WatchdogFacts device)
    {
        if (device.NoWayOut == false)
        {
            yield return new Finding("V6", FindingSeverity.Warn, host, "any root program can disarm its watchdog", "nowayout=0",
                "load its driver with the parameter nowayout=1");
        }

        if (device.Virtual)
        {
            yield return new Finding("V6", FindingSeverity.Warn, host,
                "it is a virtual machine: while that is paused its watchdog stands still too", device.Driver ?? "unknown",
                "keep leases on real machines only, or see that whoever pauses this one fences it first");
        }
    }

    private static string Measure(string what) => $"drain it and measure {what}: mainstay watchdog measure";

    private static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");
}
