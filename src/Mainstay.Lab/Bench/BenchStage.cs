using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>A cluster that is ready to lose a host, and the host that is chosen for it.</summary>
internal sealed class BenchStage : IAsyncDisposable
{
    private static readonly TimeSpan SpeakLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(120);

    private GuestWatch? words;

    private BenchStage(LabCluster lab, IReadOnlyList<string> guests)
    {
        (Lab, Guests, Feed) = (lab, guests, new FactFeed(lab));
        Sight = new ClusterSight(lab, Feed);
    }

    public LabCluster Lab { get; }

    public IReadOnlyList<string> Guests { get; }

    public FactFeed Feed { get; }

    public ClusterSight Sight { get; }

    public GuestWatch Words => words ?? throw new InvalidOperationException("The stage is not set.");

    public string Victim { get; private set; } = "";

    /// <summary>The store's leader is on the victim too.</summary>
    public bool StoreLeader { get; private set; }

    /// <param name="onVictim">All guests run on the victim instead of in turn on all hosts.</param>
    public static async Task<BenchStage> Set(
        LabOptions options, int guests, bool onVictim, BenchVictim victim, LabFence fence, CancellationToken cancel)
    {
        var lab = await LabCluster.Up(options, cancel).ConfigureAwait(false);
        var stage = new BenchStage(lab, [.. Enumerable.Range(1, guests).Select(number => $"guest{number}")]);
        var ready = false;
        try
        {
            await stage.Prepare(onVictim, victim, fence, cancel).ConfigureAwait(false);
            ready = true;
            return stage;
        }
        finally
        {
            if (!ready)
                await stage.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Until all guests are protected, every death could be proved and, where there are watchdogs, leases are in force.</summary>
    public Task WaitUntilReady(CancellationToken cancel) => Sight.WaitUntil(
        Lab.Options.Hosts[0], "A cluster that is ready to lose a host",
        seen => ClusterSight.LackingForFailover(seen, Lab.Options.Hosts, Guests)
            ?? (Lab.Options.Watchdog is null ? null : ClusterSight.LackingLease(seen)), SettleLimit, cancel);

    public async ValueTask DisposeAsync()
    {
        if (words is not null)
            await words.DisposeAsync().ConfigureAwait(false);
        await Lab.DisposeAsync().ConfigureAwait(false);
    }

    private async Task Prepare(bool onVictim, BenchVictim victim, LabFence fence, CancellationToken cancel)
    {
        await MainstaySetup.Join(Lab, fence, _ => { }, cancel).ConfigureAwait(false);
        var store = new EtcdSight(Lab);
        var storeLeader = await store.WaitForVoters(Lab.Layout.Voters, SettleLimit, cancel).ConfigureAwait(false);
        words = new GuestWatch(Lab);
        var status = await Sight.WaitUntil(Lab.Options.Hosts[0], "A leader",
            seen => seen.Cluster.Leader is null ? "nobody leads" : null, SettleLimit, cancel).ConfigureAwait(false);
        var leader = status.Cluster.Leader ?? "";
        if (victim == BenchVictim.Leader)
            (Victim, StoreLeader) = (leader, await store.MoveLeader(leader, cancel).ConfigureAwait(false));
        else
            Victim = Lab.Options.Hosts.First(host => host != leader && host != storeLeader);
        LabGuest[] guests = [.. Guests.Select(name => new LabGuest(name))];
        await GuestSetup.Spread(Lab, guests, onVictim ? Victim : null, cancel).ConfigureAwait(false);
        await Words.WaitUntilAllSpoke(Guests, SpeakLimit, cancel).ConfigureAwait(false);
        await MainstaySetup.ProtectAll(Lab, cancel).ConfigureAwait(false);
        await WaitUntilReady(cancel).ConfigureAwait(false);
    }
}
