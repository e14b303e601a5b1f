using System.Runtime.CompilerServices;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;
using Mainstay.Core.Recovery;
using Mainstay.Engine.Ports;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>The guests of this host through libvirt. No call outlasts its limit, whatever state libvirtd is in.</summary>
public sealed class LibvirtHypervisor : IHypervisor
{
    private readonly LibvirtOptions options;
    private readonly LibvirtLanes queries;
    private readonly LibvirtLanes changes;
    private readonly LibvirtLanes starts;
    private readonly Lazy<LibvirtLanes> agents;
    private readonly MonitorProbes monitors;
    private readonly DiskProbe disks = new();
    private readonly GuestMemory memory = new();
    private readonly int cores = HostLoad.Cores();
    private readonly HostLook look = new();
    private StrongBox<HostLoad> lastLoad = new(HostLoad.Read());

    /// <summary>Begins to connect at once, so that the first start finds open connections and a libvirtd that knows its QEMU.</summary>
    public LibvirtHypervisor(LibvirtOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        queries = new LibvirtLanes(options, "query", 1, warmUp: true);
        changes = new LibvirtLanes(options, "change", options.ParallelChanges, warmUp: false);
        starts = new LibvirtLanes(options, "start", options.ParallelStarts, warmUp: false);
        // Two, so that a guest whose agent hangs does not keep the others from being asked; none where nobody is asked.
        agents = new Lazy<LibvirtLanes>(() => new LibvirtLanes(options, "agent", 2, warmUp: false));
        monitors = new MonitorProbes(options);
    }

    public async Task<Observed<GuestInventory>> List(CancellationToken cancel) =>
        await Query(GuestList.Read, cancel).ConfigureAwait(false);

    public async Task<GuestOutcome> Start(GroupId guest, string uuid, string definition, CancellationToken cancel)
    {
        if (GuestStart.Objection(guest.Name, uuid, definition) is { } objection)
            return new GuestOutcome.Failed(objection);
        return Outcome(await starts
            .Ask(connection => GuestStart.Run(connection, uuid, definition), options.StartLimit, cancel).ConfigureAwait(false));
    }

    public async Task<GuestOutcome> Stop(GroupId guest, string uuid, StopMode mode, TimeSpan grace, CancellationToken cancel) =>
        await new GuestStop(changes, options, uuid).Run(mode, grace, cancel).ConfigureAwait(false);

    public async Task<GuestOutcome> AskAgent(GroupId guest, string uuid, CancellationToken cancel) =>
        Outcome(await agents.Value.Ask<GuestOutcome>(
            connection =>
            {
                using var domain = connection.FindByUuid(uuid);
                if (domain is null)
                    return new GuestOutcome.Failed("libvirt has no such domain");
                LibvirtConnection.AskAgent(domain);
                return new GuestOutcome.Done();
            },
            options.CallLimit,
            cancel).ConfigureAwait(false));

    public async Task<GuestOutcome> Forget(GroupId guest, string uuid, CancellationToken cancel) =>
        Outcome(await changes.Ask<GuestOutcome>(
            connection =>
            {
                using var domain = connection.FindByUuid(uuid);
                if (domain is null)
                    return new GuestOutcome.Done();
                if (LibvirtConnection.IsActive(domain))
                    return new GuestOutcome.Failed("the guest is running");
                LibvirtConnection.Undefine(domain);
                return new GuestOutcome.Done();
            },
            options.CallLimit,
            cancel).ConfigureAwait(false));

    public async Task<GuestOutcome> SetAutostart(GroupId guest, string uuid, bool autostart, CancellationToken cancel) =>
        Outcome(await changes.Ask<GuestOutcome>(
            connection =>
            {
                using var domain = connection.FindByUuid(uuid);
                if (domain is null)
                    return new GuestOutcome.Failed("libvirt has no such domain");
                if (LibvirtConnection.Autostart(domain) != autostart)
                    LibvirtConnection.SetAutostart(domain, autostart);
                return new GuestOutcome.Done();
            },
            options.CallLimit,
            cancel).ConfigureAwait(false));

    public async Task<Observed<GuestDefinition?>> ReadDefinition(GroupId guest, CancellationToken cancel)
    {
        var read = await Query(connection => GuestList.ReadDefinition(connection, guest), cancel).ConfigureAwait(false);
        return read switch
        {
            Observed<Observed<GuestDefinition?>>.Known known => known.Value,
            Observed<Observed<GuestDefinition?>>.Unknown unknown => new Observed<GuestDefinition?>.Unknown(unknown.Why),
        };
    }

    public async IAsyncEnumerable<HypervisorNews> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        using var watch = new LibvirtWatch(options);
        var first = watch.News.WaitToReadAsync(cancel).AsTask();
        if (await Task.WhenAny(first, Task.Delay(options.CallLimit, cancel)).ConfigureAwait(false) != first)
            yield return new HypervisorNews.Disconnected("libvirtd does not answer");
        if (!await first.ConfigureAwait(false))
            yield break;
        await foreach (var item in watch.News.ReadAllAsync(cancel).ConfigureAwait(false))
            yield return item;
    }

    public async Task<Observed<HostMeasurement>> Measure(CancellationToken cancel)
    {
        var active = await Query(memory.Read, cancel).ConfigureAwait(false);
        var load = HostLoad.Read();
        var before = Interlocked.Exchange(ref lastLoad, new StrongBox<HostLoad>(load));
        return active switch
        {
            Observed<ActiveGuests>.Known { Value: var guests } => new Observed<HostMeasurement>.Known(
                new HostMeasurement(HostLoad.MemoryMiB(), guests.InUseMiB, load.PercentSince(before.Value))
                {
                    Cores = cores,
                    StuckMonitors = monitors.Next(guests.Guests),
                    DiskLatency = disks.Latency(
                        [.. guests.Guests.SelectMany(g => g.Directories).Distinct().Order(StringComparer.Ordinal)]),
                }),
            Observed<ActiveGuests>.Unknown unknown => new Observed<HostMeasurement>.Unknown(unknown.Why),
        };
    }

    public Task<HostInventory> Look(ValueList<NeededItem> items, CancellationToken cancel) =>
        look.Read(items, async read => await Query(read, cancel).ConfigureAwait(false) is
            Observed<IReadOnlyDictionary<string, ItemSight>>.Known known ? known.Value : null);

    public async ValueTask DisposeAsync()
    {
        look.Dispose();
        disks.Dispose();
        await Task.WhenAll(
            monitors.DisposeAsync().AsTask(),
            queries.DisposeAsync().AsTask(),
            changes.DisposeAsync().AsTask(),
            agents.IsValueCreated ? agents.Value.DisposeAsync().AsTask() : Task.CompletedTask,
            starts.DisposeAsync().AsTask()).ConfigureAwait(false);
    }

    private async Task<Observed<T>> Query<T>(Func<LibvirtConnection, T> read, CancellationToken cancel) =>
        await queries.Ask(read, options.CallLimit, cancel).ConfigureAwait(false) switch
        {
            LaneAnswer<T>.Answered answered => new Observed<T>.Known(answered.Value),
            LaneAnswer<T>.Refused refused => new Observed<T>.Unknown(refused.Why),
            LaneAnswer<T>.NotBegun notBegun => new Observed<T>.Unknown(notBegun.Why),
            LaneAnswer<T>.Lost lost => new Observed<T>.Unknown(lost.Why),
        };

    private static GuestOutcome Outcome(LaneAnswer<GuestOutcome> answer) => answer switch
    {
        LaneAnswer<GuestOutcome>.Answered answered => answered.Value,
        LaneAnswer<GuestOutcome>.Refused refused => new GuestOutcome.Failed(refused.Why),
        LaneAnswer<GuestOutcome>.NotBegun notBegun => new GuestOutcome.Failed(notBegun.Why),
        LaneAnswer<GuestOutcome>.Lost lost => new GuestOutcome.Unknown(lost.Why),
    };
}
