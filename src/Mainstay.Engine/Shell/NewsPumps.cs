using System.Threading.Channels;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Placement.Needs;
using Mainstay.Engine.Ports;

namespace Mainstay.Engine.Shell;

/// <summary>Turns the news of store, hypervisor and beacon, and regular measurements, into inputs.</summary>
internal sealed class NewsPumps(
    ShellPorts ports,
    StoreTranslator translator,
    EffectLimits limits,
    ChannelWriter<ShellEvent> inbox,
    IFactJournal journal,
    Func<ClusterView> view,
    MonotonicClock clock) : IDisposable
{
    private readonly SemaphoreSlim measureNow = new(0);
    private volatile bool hypervisorConnected;

    /// <summary>Each task runs until cancelled; one that ends earlier is a failure.</summary>
    public IEnumerable<Task> Start(CancellationToken cancel) =>
        [PumpStore(cancel), PumpHypervisor(cancel), PumpBeacon(cancel), Measure(cancel), Look(cancel)];

    public void Dispose() => measureNow.Dispose();

    private async Task PumpStore(CancellationToken cancel)
    {
        await foreach (var news in ports.Store.Watch(cancel).ConfigureAwait(false))
        {
            NodeInput input = news switch
            {
                StoreNews.Loaded e => new NodeInput.StoreLoaded(
                    translator.Decode(e.Snapshot.Entries), e.Snapshot.Revision, e.StoreId),
                StoreNews.Changed e => new NodeInput.StoreChanged(translator.Decode(e.Entries), e.Revision),
                StoreNews.Reachable => new NodeInput.StoreReachable(true, ""),
                StoreNews.Unreachable e => new NodeInput.StoreReachable(false, e.Why),
                _ => throw new InvalidOperationException($"Unknown news {news.GetType().Name}."),
            };
            await Send(input, cancel).ConfigureAwait(false);
        }
    }

    private async Task PumpHypervisor(CancellationToken cancel)
    {
        await foreach (var news in ports.Hypervisor.Watch(cancel).ConfigureAwait(false))
        {
            switch (news)
            {
                case HypervisorNews.GuestChanged e:
                    await Send(new NodeInput.GuestChanged(e.Guest), cancel).ConfigureAwait(false);
                    break;
                case HypervisorNews.Connected:
                    hypervisorConnected = true;
                    journal.Note(new ShellNote.HypervisorFound());
                    measureNow.Release();
                    break;
                case HypervisorNews.Disconnected e:
                    if (hypervisorConnected)
                        journal.Note(new ShellNote.HypervisorLost(e.Why));
                    hypervisorConnected = false;
                    measureNow.Release();
                    break;
            }
        }
    }

    private async Task PumpBeacon(CancellationToken cancel)
    {
        await foreach (var news in ports.Beacon.Watch(cancel).ConfigureAwait(false))
        {
            switch (news)
            {
                case BeaconNews.Connected:
                    journal.Note(new ShellNote.BeaconFound());
                    await Send(new NodeInput.BeaconConnected(true), cancel).ConfigureAwait(false);
                    break;
                case BeaconNews.Disconnected e:
                    journal.Note(new ShellNote.BeaconLost(e.Why));
                    await Send(new NodeInput.BeaconConnected(false), cancel).ConfigureAwait(false);
                    break;
                case BeaconNews.Reported e:
                    await Send(new NodeInput.BeaconReported(e.Report), cancel).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>What was measured last stands while the hypervisor does not answer; that it does not is said beside it.</summary>
    private async Task Measure(CancellationToken cancel)
    {
        var last = new HostMeasurement(0, 0, 0);
        while (true)
        {
            var seen = await TimeLimit.Within(
                limits.GuestQuery, ports.Hypervisor.Measure, why => new Observed<HostMeasurement>.Unknown(why), cancel)
                    .ConfigureAwait(false);
            var answered = seen is Observed<HostMeasurement>.Known;
            if (seen is Observed<HostMeasurement>.Known known)
                last = known.Value;
            var ok = answered && hypervisorConnected;
            var measured = new NodeInput.LoadMeasured(last.MemoryMiB, last.UsedMiB, last.LoadPercent, ok)
            {
                TimeOfDay = clock.TimeOfDay,
                Health = answered
                    ? new HostHealth(last.StuckMonitors, last.DiskLatency, ports.Links.Flaps())
                    : HostHealth.Unmeasured with { LinkFlaps = ports.Links.Flaps() },
                Cores = last.Cores,
            };
            await Send(measured, cancel).ConfigureAwait(false);
            await measureNow.WaitAsync(limits.MeasureEvery, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>What guests need changes seldom, and what hosts have as well; what is missing may be mended any moment.</summary>
    private async Task Look(CancellationToken cancel)
    {
        while (true)
        {
            var (items, pause) = (NeededItem.Of(view()), limits.LookAgain);
            if (!items.IsEmpty)
            {
                var found = await ports.Hypervisor.Look(items, cancel).ConfigureAwait(false);
                await Send(new NodeInput.OfferSeen(found.Cpus, found.Pages, found.Has, found.Lacks), cancel).ConfigureAwait(false);
                pause = found.Lacks.IsEmpty && found.Has.Count == items.Count ? limits.LookEvery : limits.LookAgain;
            }

            await Task.Delay(pause, clock.Time, cancel).ConfigureAwait(false);
        }
    }

    private ValueTask Send(NodeInput input, CancellationToken cancel) => inbox.WriteAsync(new ShellEvent.Happened(input), cancel);
}
