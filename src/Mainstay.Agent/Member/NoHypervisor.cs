using System.Runtime.CompilerServices;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;
using Mainstay.Core.Recovery;
using Mainstay.Engine.Ports;

namespace Mainstay.Agent.Member;

/// <summary>The hypervisor of a witness: there is none, so nothing runs and nothing can be started. That is known, not unknown.</summary>
internal sealed class NoHypervisor : IHypervisor
{
    private const string Why = "this machine is a witness: it runs no guests";

    public Task<Observed<GuestInventory>> List(CancellationToken cancel) => Known(new GuestInventory([]));

    public Task<GuestOutcome> Start(GroupId guest, string uuid, string definition, CancellationToken cancel) =>
        Task.FromResult<GuestOutcome>(new GuestOutcome.Failed(Why));

    public Task<GuestOutcome> Stop(GroupId guest, string uuid, StopMode mode, TimeSpan grace, CancellationToken cancel) => Done();

    public Task<GuestOutcome> AskAgent(GroupId guest, string uuid, CancellationToken cancel) =>
        Task.FromResult<GuestOutcome>(new GuestOutcome.Failed(Why));

    public Task<GuestOutcome> Forget(GroupId guest, string uuid, CancellationToken cancel) => Done();

    public Task<GuestOutcome> SetAutostart(GroupId guest, string uuid, bool autostart, CancellationToken cancel) => Done();

    public Task<Observed<GuestDefinition?>> ReadDefinition(GroupId guest, CancellationToken cancel) => Known<GuestDefinition?>(null);

    public async IAsyncEnumerable<HypervisorNews> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new HypervisorNews.Connected();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);
    }

    public Task<Observed<HostMeasurement>> Measure(CancellationToken cancel) => Known(new HostMeasurement(0, 0, 0));

    public Task<HostInventory> Look(ValueList<NeededItem> items, CancellationToken cancel) =>
        Task.FromResult(new HostInventory(0, [], [], []));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Task<GuestOutcome> Done() => Task.FromResult<GuestOutcome>(new GuestOutcome.Done());

    private static Task<Observed<T>> Known<T>(T value) => Task.FromResult<Observed<T>>(new Observed<T>.Known(value));
}
