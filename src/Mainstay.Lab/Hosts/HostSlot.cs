using Mainstay.Lab.Control;
using Mainstay.Lab.Power;

namespace Mainstay.Lab.Hosts;

/// <summary>A host with its BMC and the one queue through which both are changed.</summary>
internal sealed class HostSlot(HostPlan plan, LabNetwork network, MadeThings made) : IAsyncDisposable
{
    private volatile BmcSetting setting = BmcSetting.Normal;
    private WatchdogDevice? watchdog;

    public HostPlan Plan => plan;

    public HostMachine Machine { get; } = new(plan, network, made);

    public BmcSetting Setting => setting;

    private BmcSimulator Bmc { get; } = new(plan, network, made);

    private SerialQueue Queue { get; } = new();

    public Task PowerOn(CancellationToken cancel) => Queue.Do(() =>
    {
        if (!plan.IsWitness && plan.Lab.Options.Watchdog is { } limit)
            watchdog ??= new WatchdogDevice(plan, limit, Reset);
        return Machine.PowerOn(cancel);
    });

    public Task PowerOff(CancellationToken cancel) => Queue.Do(() => Off(cancel));

    public Task Hang() => Queue.Do(() =>
    {
        Machine.Hang();
        return Task.CompletedTask;
    });

    public Task Unhang() => Queue.Do(() =>
    {
        Machine.Unhang();
        return Task.CompletedTask;
    });

    public Task StartBmc(CancellationToken cancel) => Queue.Do(() => Bmc.Start(BmcSimulator.Password, cancel));

    public Task SetBmc(BmcSetting wanted, CancellationToken cancel) => Queue.Do(async () =>
    {
        var was = setting;
        setting = wanted;
        if (wanted.Mode == BmcMode.Dead)
        {
            await Bmc.Die(cancel).ConfigureAwait(false);
        }
        else if (was.Mode is BmcMode.Dead or BmcMode.WrongPassword || wanted.Mode == BmcMode.WrongPassword)
        {
            await Bmc.Stop(cancel).ConfigureAwait(false);
            await Bmc.Start(wanted.Mode == BmcMode.WrongPassword ? "changed" : BmcSimulator.Password, cancel).ConfigureAwait(false);
        }
    });

    public async Task Remove(CancellationToken cancel)
    {
        if (watchdog is { } device)
            await device.DisposeAsync().ConfigureAwait(false);
        watchdog = null;
        await Queue.Do(async () =>
        {
            await Off(cancel).ConfigureAwait(false);
            await Bmc.Stop(cancel).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public LabHostStatus Status() => new()
    {
        Name = plan.Name,
        Witness = plan.IsWitness,
        On = Machine.IsOn,
        Hung = Machine.IsHung,
        Bmc = setting.Mode,
        WatchdogResets = watchdog?.Resets,
        ManagementAddress = plan.ManagementAddress,
        StorageAddress = plan.StorageAddress,
        BmcAddress = plan.BmcAddress,
        InitPid = Machine.IsOn ? Machine.InitPid : null,
        BootId = Machine.IsOn ? File.ReadAllText(Path.Combine(plan.Directory, "boot-id")).Trim() : null,
        Running = [.. Enum.GetValues<LabProcess>().Where(program => Machine.Find(program).Count > 0)],
    };

    public async ValueTask DisposeAsync()
    {
        if (watchdog is { } device)
            await device.DisposeAsync().ConfigureAwait(false);
        await Queue.DisposeAsync().ConfigureAwait(false);
    }

    private async Task Off(CancellationToken cancel)
    {
        await Machine.PowerOff(cancel).ConfigureAwait(false);
        watchdog?.PowerLost();
    }

    private Task Reset() => Queue.Do(async () =>
    {
        if (!Machine.IsOn)
            return;
        await Off(CancellationToken.None).ConfigureAwait(false);
        await Machine.PowerOn(CancellationToken.None).ConfigureAwait(false);
    });
}
