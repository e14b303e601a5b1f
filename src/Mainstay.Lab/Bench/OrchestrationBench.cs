using System.Globalization;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>
/// Measures what Mainstay itself costs per resource, with resources of libvirt's test driver.
/// </summary>
internal sealed class OrchestrationBench(LabOptions options, Action<string> say)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan FailoverLimit = TimeSpan.FromSeconds(120);

    public required int Resources { get; init; }

    public required int Runs { get; init; }

    private string[] Names => [.. Enumerable.Range(1, Resources).Select(number => $"r{number}")];

    public async Task<OrchestrationReport> Run(CancellationToken cancel)
    {
        var machine = MachineFacts.Now(options);
        say($"orchestration: {Runs} runs, {Resources} resources of libvirt's test driver; {machine}");
        say("run   assigned    started    seconds from the proof to the last resource");
        var assigned = new List<double>();
        var started = new List<double>();
        for (var run = 1; run <= Runs; run++)
        {
            var failover = await RunOnce(cancel).ConfigureAwait(false);
            var proof = failover.Proved ?? throw new LabException("No proof was reported.");
            assigned.Add((failover.LastAssigned ?? throw new LabException("A resource was not assigned.")) - proof);
            started.Add((failover.Sorted(times => times.Started)?[^1] ?? throw new LabException("A resource was not started.")) - proof);
            say(string.Create(CultureInfo.InvariantCulture, $"{run,3} {assigned[^1],10:0.000} {started[^1],10:0.000}"));
        }

        var report = new OrchestrationReport
        {
            Machine = machine, Runs = Runs, Resources = Resources,
            Assigned = Sample.Of(assigned) ?? throw new InvalidOperationException("No run was made."),
            Started = Sample.Of(started) ?? throw new InvalidOperationException("No run was made."),
        };
        Show("min", sample => sample.Min);
        Show("median", sample => sample.Median);
        Show("max", sample => sample.Max);
        return report;

        void Show(string what, Func<Sample, double> of) => say(string.Create(CultureInfo.InvariantCulture,
            $"{what,-6} {of(report.Assigned),7:0.000} {of(report.Started),10:0.000}"));
    }

    private async Task<Failover> RunOnce(CancellationToken cancel)
    {
        await using var lab = await LabCluster.Up(options, cancel).ConfigureAwait(false);
        await MainstaySetup.Join(lab, LabFence.Instant, _ => { }, cancel).ConfigureAwait(false);
        var feed = new FactFeed(lab);
        var sight = new ClusterSight(lab, feed);
        await new EtcdSight(lab).WaitForVoters(lab.Layout.Voters, SettleLimit, cancel).ConfigureAwait(false);
        await TestDriver.Use(lab, sight, cancel).ConfigureAwait(false);
        var victim = lab.Options.Hosts[^1];
        await TestDriver.Start(lab, victim, Names, cancel).ConfigureAwait(false);
        await MainstaySetup.ProtectAll(lab, cancel).ConfigureAwait(false);
        await sight.WaitUntil(victim, "A cluster that is ready to lose a host",
            seen => ClusterSight.LackingForFailover(seen, lab.Options.Hosts, Names), SettleLimit, cancel).ConfigureAwait(false);
        await using var words = new GuestWatch(lab);
        return await new FailoverWatch(lab, feed, words, _ => { })
            .Kill(victim, Names, now => now.AllStarted, FailoverLimit, cancel).ConfigureAwait(false);
    }
}
