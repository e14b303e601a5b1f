using System.Globalization;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>
/// The host's watchdog. Opened, and so armed, by the first feeding; from then on only feeding keeps the host from being reset. The
/// supervisor keeps its descriptor while this process is restarted, so that nobody else gets the device meanwhile.
/// </summary>
internal sealed class Watchdog(string settingsFile) : IDisposable
{
    /// <summary>How the supervisor knows the descriptor.</summary>
    public const string StoredAs = "watchdog";

    private const byte Food = 0;
    private const byte Leave = (byte)'V';

    private WatchdogSettings? settings;
    private WatchdogDevice? device;
    private Instant lastFed;
    private bool failed;
    private bool doomed;

    /// <summary>From the last feeding to the reset, with margin; null when there is no usable watchdog.</summary>
    public TimeSpan? Reset => settings?.Reset;

    public bool IsArmed => device is not null;

    /// <summary>It is not fed, so that its reset can be measured from outside.</summary>
    public bool IsMeasured { get; private set; }

    /// <summary>
    /// Takes the device back that an earlier life of this process had opened. This is no feeding: what was left of its time goes on.
    /// </summary>
    public void Adopt(int descriptor)
    {
        settings ??= WatchdogSettings.Load(settingsFile);
        device = new WatchdogDevice(settings?.Device ?? "the watchdog", descriptor);
        Note.Write($"the watchdog is armed still, its descriptor was kept: {device.Describe()}");
        RejectUnfit();
    }

    /// <summary>Reads the settings, unless the device is in use already.</summary>
    public void Load()
    {
        if (!IsArmed)
            settings = WatchdogSettings.Load(settingsFile);
    }

    public void Feed(Instant now)
    {
        if (doomed || IsMeasured || (device is null && !Open()))
            return;
        if (device?.Put(Food) == true)
            (failed, lastFed) = (false, now);
        else if (!failed)
            Fail($"the watchdog cannot be fed: {WatchdogDevice.Why()}");
    }

    /// <summary>Feeding came too late to be allowed: it is not fed again, and asked to be quick.</summary>
    public void ForceReset()
    {
        if (doomed || IsMeasured)
            return;
        doomed = true;
        Note.Write("stalled beyond the lease while feeding the watchdog: this host is to be reset");
        device?.SetTimeout(1);
    }

    /// <summary>Nothing is left that it guards: it may be closed without a reset.</summary>
    public void Disarm()
    {
        if (device is null || doomed || IsMeasured)
            return;
        device.Put(Leave);
        if (device.CannotBeClosed)
            Note.Write("the watchdog cannot be disarmed (nowayout): this host is reset unless the beacon is back in time");
    }

    /// <summary>Feeds it one last time. Null when that worked, else why not.</summary>
    public string? BeginMeasuring(string path, int timeout, Instant now)
    {
        if (doomed || IsMeasured)
            return "it is not fed any more already";
        if (device is null)
        {
            if (WatchdogDevice.Open(path) is not { } opened)
                return $"{path} cannot be opened: {WatchdogDevice.Why()}; {WatchdogDevice.OpenElsewhere}";
            device = opened;
        }
        else if (settings is not null && settings.Device != path)
        {
            return $"{settings.Device} is in use here, not {path}";
        }

        // A pipe of the lab has no name and takes no timeout.
        if (device.Driver is not null && device.SetTimeout(timeout) is var set && set != timeout)
        {
            var why = set is null ? WatchdogDevice.Why() : string.Create(CultureInfo.InvariantCulture, $"it chose {set} s");
            Release();
            return string.Create(CultureInfo.InvariantCulture, $"{path} takes no timeout of {timeout} s: {why}");
        }

        if (!device.Put(Food))
            return $"{path} cannot be fed: {WatchdogDevice.Why()}";
        (IsMeasured, lastFed) = (true, now);
        Note.Write($"the watchdog is fed no more, to measure it: {device.Describe()}");
        return null;
    }

    /// <summary>It did not reset this host: it is of no use, and is disarmed if it can be.</summary>
    public void EndMeasuring()
    {
        if (!IsMeasured)
            return;
        IsMeasured = false;
        Note.Write("the watchdog did not reset this host while it was measured");
        settings = null;
        Release();
    }

    /// <summary>Since the last feeding, while it is measured; else null.</summary>
    public TimeSpan? Unfed(Instant now) => IsMeasured ? now - lastFed : null;

    public void Dispose()
    {
        device?.Dispose();
        device = null;
    }

    /// <summary>A device that cannot be disarmed stays, and is fed on.</summary>
    private void Release()
    {
        if (device is not { CannotBeClosed: false })
            return;
        device.Put(Leave);
        DescriptorStore.Forget(StoredAs);
        Dispose();
    }

    private bool Open()
    {
        if (settings is null)
            return false;
        device = WatchdogDevice.Open(settings.Device);
        if (device is null)
        {
            if (!failed)
                Fail($"the watchdog cannot be opened: {WatchdogDevice.Why()}; {WatchdogDevice.OpenElsewhere}");
            settings = null;
            return false;
        }

        DescriptorStore.Keep(StoredAs, device.Descriptor);
        if (settings.Timeout > 0 && device.SetTimeout(settings.Timeout) is null && device.Driver is not null)
            Note.Write($"the watchdog's timeout cannot be set: {WatchdogDevice.Why()}");
        RejectUnfit();
        Note.Write($"the watchdog is armed: {device.Describe()}");
        return true;
    }

    /// <summary>One that may not be relied on is fed, for it is armed, and promises nothing.</summary>
    private void RejectUnfit()
    {
        if (settings is null || device is null)
            return;
        if (device.Fitness().WhyNot(settings.Driver, settings.Reset, settings.AcceptsVirtual) is not { } why)
            return;
        Note.Write($"{why}: this host keeps no lease");
        settings = null;
    }

    private void Fail(string why)
    {
        failed = true;
        Note.Write(why);
    }
}
