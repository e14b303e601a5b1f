using System.Globalization;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>
/// Kills hosts and measures. Each run has a lab of its own, so that none profits from code, connections or placements of the one before.
/// </summary>
internal sealed class FailoverBench(LabOptions options, Action<string> say)
{
    private static readonly TimeSpan SpeakLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan FailoverLimit = TimeSpan.FromSeconds(90);

    private static readonly (string Name, Func<Failover, double?> Of)[] Phases =
    [
        ("suspected", run => run.Suspected),
        ("proved", run => run.Proved),
        ("assigned", run => run.LastAssigned),
        ("started_first", run => run.Sorted(times => times.Started)?[0]),
        ("started_last", run => run.Sorted(times => times.Started)?[^1]),
        ("speaks_first", run => run.Sorted(times => times.Speaks)?[0]),
        ("speaks_last", run => run.Sorted(times => times.Speaks)?[^1]),
    ];

    public required int Runs { get; init; }

    public required int Guests { get; init; }

    public required BenchVictim Victim { get; init; }

    public required LabFence Fence { get; init; }

    private string[] Names => [.. Enumerable.Range(1, Guests).Select(number => $"guest{number}")];

    public async Task<FailoverReport> Run(CancellationToken cancel)
    {
        var machine = MachineFacts.Now(options);
        say($"failover: {Runs} runs, {Guests} guests, victim {Victim}, fence {Fence}; {machine}");
        say(string.Concat("run victim ", string.Concat(Phases.Select(phase => $"{phase.Name,14}"))));
        var done = new List<(Failover Failover, bool StoreLeader, int DoubleRuns)>();
        for (var run = 1; run <= Runs; run++)
        {
            var one = await RunOnce(cancel).ConfigureAwait(false);
            done.Add(one);
            say(string.Create(CultureInfo.InvariantCulture,
                $"{run,3} {one.Failover.Victim,-6} {string.Concat(Phases.Select(phase => $"{Text(phase.Of(one.Failover)),14}"))}")
                + (one.StoreLeader ? "  with the store's leader" : "") + (one.DoubleRuns > 0 ? $"  {one.DoubleRuns} RAN TWICE" : ""));
        }

        var phases = Phases
            .Select(phase => (phase.Name, Sample: Sample.Of(done.Select(run => phase.Of(run.Failover)).OfType<double>())))
            .Where(phase => phase.Sample is not null)
            .Select(phase => new BenchPhase(phase.Name, phase.Sample ?? throw new InvalidOperationException()))
            .ToArray();
        Show("min", phases, phase => phase.Seconds.Min);
        Show("median", phases, phase => phase.Seconds.Median);
        Show("max", phases, phase => phase.Seconds.Max);
        return new FailoverReport
        {
            Machine = machine, Runs = Runs, Guests = Guests,
            Victim = Victim == BenchVictim.Leader ? "leader" : "any", Fence = Fence == LabFence.Ipmi ? "ipmi" : "instant",
            StoreLeaderDied = done.Count(run => run.StoreLeader), DoubleRuns = done.Sum(run => run.DoubleRuns), Phases = phases,
        };
    }

    private async Task<(Failover Failover, bool StoreLeader, int DoubleRuns)> RunOnce(CancellationToken cancel)
    {
        await using var lab = await LabCluster.Up(options, cancel).ConfigureAwait(false);
        await MainstaySetup.Join(lab, Fence, _ => { }, cancel).ConfigureAwait(false);
        var feed = new FactFeed(lab);
        var sight = new ClusterSight(lab, feed);
        var store = new EtcdSight(lab);
        var storeLeader = await store.WaitForVoters(lab.Options.Hosts.Count, SettleLimit, cancel).ConfigureAwait(false);
        await using var words = new GuestWatch(lab);
        var (victim, storeToo) = await Choose(lab, sight, store, storeLeader, cancel).ConfigureAwait(false);
        var guests = Names.Select(name => new LabGuest(name)).ToArray();
        await GuestSetup.Spread(lab, guests, victim, cancel).ConfigureAwait(false);
        await words.WaitUntilAllSpoke(Names, SpeakLimit, cancel).ConfigureAwait(false);
        await MainstaySetup.ProtectAll(lab, cancel).ConfigureAwait(false);
        await sight.WaitUntil(victim, "A cluster that is ready to lose a host",
            seen => ClusterSight.LackingForFailover(seen, lab.Options.Hosts, Names), SettleLimit, cancel).ConfigureAwait(false);
        var failover = await new FailoverWatch(lab, feed, words, _ => { })
            .Kill(victim, Names, now => now.AllSpeak, FailoverLimit, cancel).ConfigureAwait(false);
        var twice = DiskProof.Check(lab).Where(disk => disk.Value.DoubleRuns.Count > 0).Select(disk => disk.Key)
            .Union(failover.SawForeignWriter).Count();
        return (failover, storeToo, twice);
    }

    private async Task<(string Victim, bool StoreLeader)> Choose(
        LabCluster lab, ClusterSight sight, EtcdSight store, string storeLeader, CancellationToken cancel)
    {
        var status = await sight.WaitUntil(lab.Options.Hosts[0], "A leader",
            seen => seen.Cluster.Leader is null ? "nobody leads" : null, SettleLimit, cancel).ConfigureAwait(false);
        var leader = status.Cluster.Leader ?? "";
        if (Victim == BenchVictim.Leader)
            return (leader, await store.MoveLeader(leader, cancel).ConfigureAwait(false));
        return (lab.Options.Hosts.First(host => host != leader && host != storeLeader), false);
    }

    private void Show(string what, IReadOnlyList<BenchPhase> phases, Func<BenchPhase, double> value) =>
        say($"{what,-10} {string.Concat(phases.Select(phase => $"{Text(value(phase)),14}"))}");

    private static string Text(double? seconds) => seconds is { } known ? known.ToString("0.000", CultureInfo.InvariantCulture) : "-";
}
