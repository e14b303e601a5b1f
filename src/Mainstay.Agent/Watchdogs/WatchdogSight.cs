using System.Globalization;
using System.Text.Json;
using Mainstay.Agent.Configuration;
using Mainstay.Contracts;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;

namespace Mainstay.Agent.Watchdogs;

/// <summary>What the kernel says of this host's watchdog, and what was measured. Opens no device: that would arm it.</summary>
/// <param name="kernel">Where /sys and /proc lie: the root, but in tests.</param>
internal sealed class WatchdogSight(FileLayout layout, BeaconPaths paths, string kernel = "/")
{
    private const string Usual = "/dev/watchdog";
    private const string FirstProcess = "proc/1/fd";

    private static readonly string[] FirmwareWords = ["vendor", "version", "date"];

    private bool? isVirtual;

    /// <summary>The device that is used or would be; null when there is none.</summary>
    public string? Device => Settings("device") ?? (Directory.Exists(Place(Usual)) ? Usual : null);

    /// <summary>The settings say that it counts in a virtual machine too.</summary>
    public bool AcceptsVirtual => Settings("virtual") == "yes";

    public string Kernel => Text("proc/sys/kernel/osrelease") ?? "unknown";

    public string? Firmware => Text("sys/class/dmi/id/bios_version") is not null
        ? string.Join(' ', FirmwareWords.Select(what => Text($"sys/class/dmi/id/bios_{what}")).OfType<string>())
        : null;

    public string? DriverOf(string device) => Text(Place(device) + "/identity") is { } name
        ? string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        : null;

    /// <param name="reset">As the beacon reckons; null when it uses no watchdog.</param>
    public WatchdogStatus Read(TimeSpan? reset)
    {
        if (Device is not { } device)
            return new WatchdogStatus { Virtual = IsVirtual(), Measured = Measured() };
        var found = new WatchdogStatus
        {
            Device = device,
            Driver = DriverOf(device),
            Timeout = int.TryParse(Text(Place(device) + "/timeout"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? seconds : null,
            NoWayOut = Text(Place(device) + "/nowayout") is { } no ? no == "1" : null,
            Holder = Text(Place(device) + "/state") == "active" ? Holder(device, reset is not null) : null,
            Virtual = IsVirtual(),
            ResetSeconds = reset?.TotalSeconds,
            Measured = Measured(),
        };
        return found with { Stale = Stale(found) };
    }

    /// <summary>Null when there was no measurement, or its document is damaged.</summary>
    private WatchdogMeasurement? Measured()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(layout.WatchdogMeasured), ApiJson.Default.WatchdogMeasurement);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private string? Stale(WatchdogStatus now) => now.Measured switch
    {
        null => null,
        var was when was.Device != now.Device => $"{was.Device} was measured, and {now.Device} is in use",
        var was when was.Driver != now.Driver => $"'{was.Driver}' was measured, and the driver is '{now.Driver}' now",
        var was when was.Kernel != Kernel => $"it was measured under Linux {was.Kernel}, and this is {Kernel}",
        var was when was.Firmware != Firmware => $"it was measured with the firmware '{was.Firmware}', and this is '{Firmware}'",
        _ => null,
    };

    // systemd also keeps the beacon's own descriptor, so it is asked only when the beacon uses none.
    private string Holder(string device, bool beacon) =>
        beacon ? "mainstay-beacon" : HasOpen(device) ? "systemd" : "another program";

    private bool HasOpen(string device)
    {
        var names = new[] { device, "/dev/" + Name(device) };
        try
        {
            return Directory.EnumerateFiles(Path.Combine(kernel, FirstProcess))
                .Any(link => new FileInfo(link).LinkTarget is { } target && names.Contains(target));
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Asked with every status, and the same as long as the machine runs.
    private bool IsVirtual() => isVirtual ??= Text("proc/cpuinfo") is { } processors && WatchdogFitness.AreVirtual(processors);

    private string? Settings(string word)
    {
        try
        {
            return File.ReadLines(paths.Watchdog)
                .Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .FirstOrDefault(words => words.Length == 2 && words[0] == word)?[1];
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // /dev/watchdog is the first device by another name.
    private static string Name(string device) => Path.GetFileName(device) is var last && last == "watchdog" ? "watchdog0" : last;

    private string Place(string device) => Path.Combine(kernel, "sys/class/watchdog", Name(device));

    private string? Text(string place) => TextFile.Read(Path.Combine(kernel, place));
}
