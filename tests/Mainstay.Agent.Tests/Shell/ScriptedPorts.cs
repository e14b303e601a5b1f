using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Fencing;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;
using Mainstay.Core.Recovery;
using Mainstay.Engine.Ports;
using Mainstay.Engine.Shell;

namespace Mainstay.Agent.Tests.Shell;

/// <summary>
/// Ports that hang or break when a test says so, which real ones do not do on demand. The store keeps what is written and minds the guards.
/// </summary>
internal sealed class ScriptedPorts
    : IClusterStore, IHypervisor, IBeaconLink, IFenceDevice, ILinkWatch, IStorageFence, IStoreMarkFile, IDiskStamps
{
    public static readonly HostId Self = new("n1");
    public static readonly GroupId Guest = new("web");

    private readonly Channel<HypervisorNews> guestNews = Channel.CreateUnbounded<HypervisorNews>();
    private readonly Channel<StoreNews> storeNews = Channel.CreateUnbounded<StoreNews>();
    private ImmutableSortedDictionary<string, RawEntry> stored = ImmutableSortedDictionary<string, RawEntry>.Empty;
    private ImmutableList<string> acts = [];
    private ImmutableList<RawTransaction> commits = [];
    private long revision = 1;
    private volatile bool crashed;
    private int commitCalls;
    private int lists;
    private int measured;

    public ShellPorts All => new()
    {
        Store = this, Hypervisor = this, Beacon = this, Fences = this, Links = this, Storages = this, Marks = this, Stamps = this,
    };

    public Task<Observed<ValueList<DiskStamp>>> Read(string definition, CancellationToken cancel) =>
        Task.FromResult<Observed<ValueList<DiskStamp>>>(new Observed<ValueList<DiskStamp>>.Known([]));

    public Task<GuestOutcome> Write(string definition, DiskStamp stamp, CancellationToken cancel) =>
        Task.FromResult<GuestOutcome>(new GuestOutcome.Done());

    public Task<GuestOutcome> Remove(string definition, string clusterId, CancellationToken cancel) =>
        Task.FromResult<GuestOutcome>(new GuestOutcome.Done());

    public StoreMark? Mark { get; private set; }

    public Task Save(StoreMark mark, CancellationToken cancel)
    {
        Mark = mark;
        return Task.CompletedTask;
    }

    public StoreCodec? Codec { get; set; }

    public volatile bool StoreHangs;

    public volatile bool HypervisorHangs;

    public volatile bool Domain;

    public ImmutableList<string> Acts => Volatile.Read(ref acts);

    public ImmutableList<RawTransaction> Commits => Volatile.Read(ref commits);

    public int CommitCalls => Volatile.Read(ref commitCalls);

    public int Lists => Volatile.Read(ref lists);

    public int Measured => Volatile.Read(ref measured);

    /// <summary>A cluster of this host alone.</summary>
    public void LoadCluster()
    {
        Keep(new StoreKey.Cluster(), new ClusterSettings("c", "id", 1, TimingProfile.Balanced, true, ""));
        Keep(new StoreKey.Host(Self), new HostConfig(1, ["127.0.0.1"], 7780, [], false));
        storeNews.Writer.TryWrite(new StoreNews.Reachable());
        storeNews.Writer.TryWrite(new StoreNews.Loaded(new RawSnapshot([.. stored.Values], revision), "etcd"));
    }

    public void Break(Exception defect) => storeNews.Writer.TryComplete(defect);

    /// <summary>The guest's process dies.</summary>
    public void Crash()
    {
        crashed = true;
        guestNews.Writer.TryWrite(new HypervisorNews.GuestChanged(Seen));
    }

    public async Task<RawOutcome> Commit(RawTransaction transaction, CancellationToken cancel)
    {
        Interlocked.Increment(ref commitCalls);
        if (StoreHangs)
            await Hang(cancel);
        // The store's one loop is the caller of a test: calls come from several tasks, and each sees the state of the last.
        RawOutcome outcome = new RawOutcome.Conflict();
        ImmutableInterlocked.Update(ref stored, now =>
        {
            if (transaction.Guards.Any(g => now.GetValueOrDefault(g.Key).ModRevision != g.ModRevision))
                return now;
            var at = Interlocked.Increment(ref revision);
            outcome = new RawOutcome.Applied(at);
            return transaction.Writes.Aggregate(
                now, (map, w) => w.Value is null ? map.Remove(w.Key) : map.SetItem(w.Key, new RawEntry(w.Key, w.Value, at)));
        });
        if (outcome is not RawOutcome.Applied applied)
            return outcome;
        ImmutableInterlocked.Update(ref commits, list => list.Add(transaction));
        foreach (var write in transaction.Writes)
            Note($"commit {write.Key}");
        var changed = transaction.Writes.Select(w => new RawEntry(w.Key, w.Value, applied.Revision)).ToArray();
        storeNews.Writer.TryWrite(new StoreNews.Changed(changed, applied.Revision));
        return outcome;
    }

    public async Task<Observed<RawSnapshot>> Read(IReadOnlyList<string> keys, CancellationToken cancel)
    {
        if (StoreHangs)
            await Hang(cancel);
        var now = Volatile.Read(ref stored);
        return new Observed<RawSnapshot>.Known(new RawSnapshot(
            [.. keys.Select(k => now.TryGetValue(k, out var entry) ? entry : new RawEntry(k, null, 0))], Interlocked.Read(ref revision)));
    }

    IAsyncEnumerable<StoreNews> IClusterStore.Watch(CancellationToken cancel) => storeNews.Reader.ReadAllAsync(cancel);

    public async Task<Observed<GuestInventory>> List(CancellationToken cancel)
    {
        Interlocked.Increment(ref lists);
        if (HypervisorHangs)
            await Hang(cancel);
        return new Observed<GuestInventory>.Known(new GuestInventory(Domain ? [Seen] : []));
    }

    public Task<GuestOutcome> Start(GroupId guest, string uuid, string definition, CancellationToken cancel)
    {
        crashed = false;
        return Act($"start {guest}");
    }

    public Task<GuestOutcome> Stop(GroupId guest, string uuid, StopMode mode, TimeSpan grace, CancellationToken cancel) =>
        Act($"stop {guest}");

    public Task<GuestOutcome> AskAgent(GroupId guest, string uuid, CancellationToken cancel) => Act($"ask agent {guest}");

    public Task<GuestOutcome> Forget(GroupId guest, string uuid, CancellationToken cancel) => Act($"forget {guest}");

    public Task<GuestOutcome> SetAutostart(GroupId guest, string uuid, bool autostart, CancellationToken cancel) =>
        Act($"autostart {guest} {autostart}");

    public Task<Observed<GuestDefinition?>> ReadDefinition(GroupId guest, CancellationToken cancel)
    {
        Note($"read {guest}");
        return Task.FromResult<Observed<GuestDefinition?>>(new Observed<GuestDefinition?>.Known(
            new GuestDefinition(guest, Seen.Uuid, "<domain/>", 512, true, Seen.State)));
    }

    async IAsyncEnumerable<HypervisorNews> IHypervisor.Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new HypervisorNews.Connected();
        await foreach (var news in guestNews.Reader.ReadAllAsync(cancel))
            yield return news;
    }

    public int Flaps() => 0;

    public Task<Observed<HostMeasurement>> Measure(CancellationToken cancel)
    {
        Interlocked.Increment(ref measured);
        return Task.FromResult<Observed<HostMeasurement>>(new Observed<HostMeasurement>.Known(new HostMeasurement(8192, 0, 1)));
    }

    public Task<HostInventory> Look(ValueList<NeededItem> items, CancellationToken cancel) =>
        Task.FromResult(new HostInventory(1, [], [], []));

    async IAsyncEnumerable<BeaconNews> IBeaconLink.Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new BeaconNews.Connected();
        yield return new BeaconNews.Reported(new BeaconReport(TimeSpan.Zero, []));
        await Hang(cancel);
    }

    public Task SetUp(BeaconSetup setup, CancellationToken cancel) => Task.CompletedTask;

    public Task<Observed<ConsentAnswer>> Consent(int number, SessionId session, TimeSpan safeAfter, CancellationToken cancel) =>
        Task.FromResult<Observed<ConsentAnswer>>(new Observed<ConsentAnswer>.Unknown("no keeper here"));

    public Task<bool> Arm(
        GroupId group,
        string uuid,
        Epoch epoch,
        SessionId session,
        IsolationPolicy onIsolation,
        LeaseLife? read,
        CancellationToken cancel)
    {
        Note($"arm {group}");
        return Task.FromResult(true);
    }

    public Task<bool> Revoke(GroupId group, string uuid, CancellationToken cancel)
    {
        Note($"revoke {group}");
        return Task.FromResult(true);
    }

    public Task ShowProgress(CancellationToken cancel) => Task.CompletedTask;

    public Task<Observed<PowerState>> ReadPower(FenceMethod method, TimeSpan limit, CancellationToken cancel) =>
        Task.FromResult<Observed<PowerState>>(new Observed<PowerState>.Unknown("not scripted"));

    public Task<FenceOutcome> SwitchOff(FenceMethod method, TimeSpan limit, CancellationToken cancel) =>
        Task.FromResult<FenceOutcome>(new FenceOutcome.Unknown("not scripted"));

    public Task<FenceTest> Test(FenceMethod method, TimeSpan limit, CancellationToken cancel) =>
        Task.FromResult<FenceTest>(new FenceTest.Failed(FenceFault.Failed, "not scripted", TimeSpan.Zero));

    public Task<FenceMethodCheck> Check(FenceMethod method, CancellationToken cancel) =>
        Task.FromResult<FenceMethodCheck>(new FenceMethodCheck.Valid(method));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private GuestObservation Seen => new(
        Guest,
        "11111111-2222-3333-4444-555555555555",
        crashed ? GuestRunState.Stopped : GuestRunState.Running,
        crashed ? GuestStopCause.Crashed : GuestStopCause.Unclear);

    private static Task Hang(CancellationToken cancel) => Task.Delay(Timeout.InfiniteTimeSpan, cancel);

    private void Keep(StoreKey key, StoreValue value)
    {
        var bytes = (Codec ?? throw new InvalidOperationException("no codec")).Encode(key, value);
        stored = stored.SetItem(key.ToString(), new RawEntry(key.ToString(), bytes, ++revision));
    }

    private void Note(string act) => ImmutableInterlocked.Update(ref acts, list => list.Add(act));

    private Task<GuestOutcome> Act(string act)
    {
        Note(act);
        return Task.FromResult<GuestOutcome>(new GuestOutcome.Done());
    }

    public Task<RevokeOutcome> Revoke(
        StorageTarget target, StorageConfig storage, ValueList<string> volumes, TimeSpan limit, CancellationToken cancel) =>
        Task.FromResult<RevokeOutcome>(new RevokeOutcome.Unknown("no storage here"));

    public Task<RestoreOutcome> Restore(StorageTarget target, StorageConfig storage, TimeSpan limit, CancellationToken cancel) =>
        Task.FromResult<RestoreOutcome>(new RestoreOutcome.Failed("no storage here"));

    Task<StorageReading> IStorageFence.Test(
        StorageTarget target, StorageConfig storage, TimeSpan limit, CancellationToken cancel) =>
        Task.FromResult<StorageReading>(new StorageReading.Unknown("no storage here"));

    StorageCheck IStorageFence.Check(StorageConfig storage) => new StorageCheck.Valid(storage);
}
