using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mainstay.Contract.Tests.Simulated;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Placement.Needs;
using Mainstay.Core.Recovery;
using Mainstay.Engine.Ports;
using Mainstay.Simulator.World;

namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>The simulator's libvirt and QEMU as one host's agent has them.</summary>
internal sealed class SimulatedHypervisor(VirtualDriver driver, SimHost host) : IHypervisor
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private SimHypervisor Twin => host.Hypervisor;

    public Task<Observed<GuestInventory>> List(CancellationToken cancel) =>
        driver.Ask<Observed<GuestInventory>>((_, reply) => Twin.List(reply), cancel);

    public Task<GuestOutcome> Start(GroupId guest, string uuid, string definition, CancellationToken cancel) =>
        driver.Ask<GuestOutcome>((_, reply) => Twin.Start(guest, byAgent: true, reply), cancel);

    public Task<GuestOutcome> Stop(GroupId guest, string uuid, StopMode mode, TimeSpan grace, CancellationToken cancel) =>
        driver.Ask<GuestOutcome>((_, reply) => Twin.Stop(guest, mode, grace, reply), cancel);

    public Task<GuestOutcome> AskAgent(GroupId guest, string uuid, CancellationToken cancel) =>
        driver.Ask<GuestOutcome>((_, reply) => Twin.AskAgent(guest, reply), cancel);

    public Task<GuestOutcome> Forget(GroupId guest, string uuid, CancellationToken cancel) =>
        driver.Ask<GuestOutcome>((_, reply) => Twin.Forget(guest, reply), cancel);

    public Task<GuestOutcome> SetAutostart(GroupId guest, string uuid, bool autostart, CancellationToken cancel) =>
        driver.Ask<GuestOutcome>((_, reply) => Twin.SetAutostart(guest, autostart, reply), cancel);

    public Task<Observed<GuestDefinition?>> ReadDefinition(GroupId guest, CancellationToken cancel) =>
        driver.Ask<Observed<GuestDefinition?>>((_, reply) => Twin.ReadDefinition(guest, reply), cancel);

    /// <summary>The twin tells an agent with its measurements whether libvirtd answers.</summary>
    public async IAsyncEnumerable<HypervisorNews> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        var news = Channel.CreateUnbounded<HypervisorNews>();
        bool? connected = null;
        await driver.Listen(host, input =>
        {
            if (input is NodeInput.GuestChanged changed)
                news.Writer.TryWrite(new HypervisorNews.GuestChanged(changed.Guest));
        });
        await driver.Do(Look);
        try
        {
            await foreach (var heard in news.Reader.ReadAllAsync(cancel))
                yield return heard;
        }
        finally
        {
            news.Writer.TryComplete();
            await driver.Listen(host, null);
        }

        void Look(VirtualWorld world)
        {
            if (cancel.IsCancellationRequested)
                return;
            var ok = Twin.Measurement().HypervisorOk;
            if (ok != connected)
                news.Writer.TryWrite(ok ? new HypervisorNews.Connected() : new HypervisorNews.Disconnected("libvirtd does not answer"));
            connected = ok;
            world.After(LookEvery, () => Look(world));
        }
    }

    public Task<Observed<HostMeasurement>> Measure(CancellationToken cancel) => driver.Ask<Observed<HostMeasurement>>(
        (_, reply) =>
        {
            var measured = Twin.Measurement();
            reply(measured.HypervisorOk
                ? new Observed<HostMeasurement>.Known(new HostMeasurement(measured.MemoryMiB, measured.UsedMiB, measured.LoadPercent))
                : new Observed<HostMeasurement>.Unknown("libvirtd does not answer"));
        },
        cancel);

    public Task<HostInventory> Look(ValueList<NeededItem> items, CancellationToken cancel) => driver.Ask<HostInventory>(
        (_, reply) => reply(new HostInventory(
            2,
            [],
            items.Select(item => item.Item).Where(item => !host.Lacks.Contains(item)).ToValueList(),
            items.Where(item => host.Lacks.Contains(item.Item)).Select(item => new MissingItem(item.Item, "it does not exist there"))
                .ToValueList())),
        cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
