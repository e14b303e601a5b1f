using System.Globalization;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>
/// Takes hosts away and measures. Each run has a lab of its own, so that none profits from code, connections or placements of the one
/// before.
/// </summary>
internal sealed class FailoverBench(LabOptions options, Action<string> say)
{
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

    public required FailoverKind Kind { get; init; }

    public required int Runs { get; init; }

    public required int Guests { get; init; }

    public required BenchVictim Victim { get; init; }

    public required LabFence Fence { get; init; }

    public async Task<FailoverReport> Run(CancellationToken cancel)
    {
        var machine = MachineFacts.Now(options);
        var end = Kind.End() ?? throw new InvalidOperationException($"{Kind} takes no host away.");
        say($"failover: {Kind.Name()}, {Runs} runs, {Guests} guests, victim {Victim}, fence {Fence}; {machine}");
        say(string.Concat("run victim ", string.Concat(Phases.Select(phase => $"{phase.Name,14}"))));
        var done = new List<(Failover Failover, bool StoreLeader, int DoubleRuns)>();
        for (var run = 1; run <= Runs; run++)
        {
            var one = await RunOnce(end, cancel).ConfigureAwait(false);
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
        say(string.Create(CultureInfo.InvariantCulture, $"goal for one guest: it speaks within {Kind.Goal():0.0} s"));
        return new FailoverReport
        {
            Kind = Kind.Name(), GoalSeconds = Kind.Goal(), Machine = machine, Runs = Runs, Guests = Guests,
            Victim = Victim == BenchVictim.Leader ? "leader" : "any", Fence = Fence == LabFence.Ipmi ? "ipmi" : "instant",
            StoreLeaderDied = done.Count(run => run.StoreLeader), DoubleRuns = done.Sum(run => run.DoubleRuns), Phases = phases,
        };
    }

    private async Task<(Failover Failover, bool StoreLeader, int DoubleRuns)> RunOnce(HostEnd end, CancellationToken cancel)
    {
        await using var stage = await BenchStage.Set(options, Guests, onVictim: true, Victim, Fence, cancel).ConfigureAwait(false);
        var failover = await new FailoverWatch(stage.Lab, stage.Feed, stage.Words, _ => { }) { End = end }
            .Kill(stage.Victim, stage.Guests, now => now.AllSpeak, FailoverLimit, cancel).ConfigureAwait(false);
        var twice = DiskProof.Check(stage.Lab).Where(disk => disk.Value.DoubleRuns.Count > 0).Select(disk => disk.Key)
            .Union(failover.SawForeignWriter).Count();
        return (failover, stage.StoreLeader, twice);
    }

    private void Show(string what, IReadOnlyList<BenchPhase> phases, Func<BenchPhase, double> value) =>
        say($"{what,-10} {string.Concat(phases.Select(phase => $"{Text(value(phase)),14}"))}");

    private static string Text(double? seconds) => seconds is { } known ? known.ToString("0.000", CultureInfo.InvariantCulture) : "-";
}
