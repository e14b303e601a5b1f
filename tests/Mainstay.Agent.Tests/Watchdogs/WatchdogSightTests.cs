using System.Text.Json;
using Mainstay.Agent.Watchdogs;
using Mainstay.Contracts;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Beacon;

namespace Mainstay.Agent.Tests.Watchdogs;

/// <summary>What the kernel's files say of a watchdog, read from files of a test.</summary>
public sealed class WatchdogSightTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mainstay-watchdog-").FullName;

    public WatchdogSightTests()
    {
        Put("proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");
        Put("proc/cpuinfo", "flags : fpu vme\n");
        Put("sys/class/dmi/id/bios_vendor", "Maker\n");
        Put("sys/class/dmi/id/bios_version", "2.4\n");
        Put("sys/class/dmi/id/bios_date", "01/02/2025\n");
    }

    private WatchdogSight Sight => new(new FileLayout(root), new BeaconPaths(root), root);

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_host_without_a_device_has_none()
    {
        var seen = Sight.Read(null);
        Assert.Equal((null, null, null), (seen.Device, seen.Driver, seen.Measured));
    }

    [Fact]
    public void A_device_is_described_by_its_kernel_and_not_opened()
    {
        Device("watchdog0", "inactive");
        var seen = Sight.Read(null);
        Assert.Equal(("/dev/watchdog", "i6300ESB timer", 30, false, null),
            (seen.Device, seen.Driver, seen.Timeout, seen.NoWayOut, seen.Holder));
        Assert.Null(seen.ResetSeconds);
    }

    [Fact]
    public void Who_holds_it_is_the_beacon_when_that_reckons_with_it_else_systemd_else_somebody()
    {
        Device("watchdog0", "active");
        Assert.Equal("mainstay-beacon", Sight.Read(TimeSpan.FromSeconds(3.6)).Holder);
        Assert.Equal("another program", Sight.Read(null).Holder);
        Directory.CreateDirectory(Path.Combine(root, "proc/1/fd"));
        File.CreateSymbolicLink(Path.Combine(root, "proc/1/fd/7"), "/dev/watchdog0");
        Assert.Equal("systemd", Sight.Read(null).Holder);
    }

    [Fact]
    public void A_measurement_of_another_kernel_firmware_driver_or_device_counts_no_more()
    {
        Device("watchdog0", "inactive");
        Assert.Null(Sight.Read(null).Stale);
        var good = new WatchdogMeasurement
        {
            At = DateTimeOffset.UnixEpoch, Device = "/dev/watchdog", Driver = "i6300ESB timer", Timeout = 3, AtLeastSeconds = 3,
            ResetSeconds = 3.2, By = ["n2", "n3"], Kernel = "6.1.0-56-amd64", Firmware = "Maker 2.4 01/02/2025",
        };
        Measured(good);
        Assert.Null(Sight.Read(null).Stale);
        Assert.Equal(3.2, Sight.Read(null).Measured?.ResetSeconds);
        foreach (var (other, word) in new[]
        {
            (good with { Kernel = "6.1.0-1" }, "Linux 6.1.0-1"), (good with { Firmware = "Maker 2.3" }, "firmware 'Maker 2.3'"),
            (good with { Driver = "iTCO_wdt" }, "'iTCO_wdt' was measured"), (good with { Device = "/dev/watchdog1" }, "/dev/watchdog1"),
        })
        {
            Measured(other);
            Assert.Contains(word, Sight.Read(null).Stale, StringComparison.Ordinal);
        }

        Put("var/lib/mainstay/watchdog.json", "{");
        Assert.Null(Sight.Read(null).Measured);
    }

    [Fact]
    public void The_device_of_the_settings_comes_before_the_usual_one()
    {
        Device("watchdog0", "inactive");
        Device("watchdog1", "inactive");
        Put("etc/mainstay/watchdog", "# by hand\ndevice /dev/watchdog1\nreset 3\n");
        Assert.Equal("/dev/watchdog1", Sight.Read(null).Device);
    }

    [Fact]
    public async Task Marks_are_read_back_and_a_line_that_was_cut_short_is_left_out()
    {
        var file = Path.Combine(root, "marks");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await MarkFile.Write(
            file, () => clock.Elapsed, TimeSpan.FromMilliseconds(400), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(MarkFile.Read(file) is { Marks: > 0 } written && written.Last < TimeSpan.FromMilliseconds(400));
        Put("marks", "100\n150\n400\n410\n99");
        Assert.Equal(new("its own disk", TimeSpan.FromMilliseconds(410), 4, TimeSpan.FromMilliseconds(250)), MarkFile.Read(file));
        Put("marks", "7");
        Assert.Null(MarkFile.Read(file));
        Assert.Null(MarkFile.Read(file + ".none"));
    }

    [Theory]
    [InlineData("i6300ESB timer")]
    [InlineData(null)]
    public void What_was_begun_is_read_back_whole_or_not_at_all(string? driver)
    {
        var begun = new BegunMeasurement(new(0xabc), new("4f2a"), "/dev/watchdog", driver, 3);
        var text = begun.ToText();
        Assert.Equal(begun, BegunMeasurement.Parse(text));
        for (var i = 0; i < text.IndexOf("driver", StringComparison.Ordinal) - 3; i++)
            Assert.Null(BegunMeasurement.Parse(text[..i]));
    }

    private void Device(string name, string state)
    {
        Put($"sys/class/watchdog/{name}/identity", "i6300ESB timer\n");
        Put($"sys/class/watchdog/{name}/timeout", "30\n");
        Put($"sys/class/watchdog/{name}/nowayout", "0\n");
        Put($"sys/class/watchdog/{name}/state", state + "\n");
    }

    private void Measured(WatchdogMeasurement measured) =>
        Put("var/lib/mainstay/watchdog.json", JsonSerializer.Serialize(measured, ApiJson.Default.WatchdogMeasurement));

    private void Put(string place, string text)
    {
        var file = Path.Combine(root, place);
        Directory.CreateDirectory(Path.GetDirectoryName(file) ?? root);
        File.WriteAllText(file, text);
    }
}
