using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>
/// Measures what Mainstay itself costs per resource: the guests are those of libvirt's test driver, which are entries in libvirtd's memory
/// and start at once. Store, agents, beacons, fencing and libvirtd are the real ones.
/// </summary>
internal sealed class OrchestrationBench(LabOptions options, Action<string> say)
{
    private const string TestDriver = "test+unix:///default";
    private const string Script = "/srv/shared/resources.virsh";
    private static readonly TimeSpan DefineLimit = TimeSpan.FromSeconds(120);
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
        await new EtcdSight(lab).WaitForVoters(lab.Options.Hosts.Count, SettleLimit, cancel).ConfigureAwait(false);
        foreach (var host in lab.Options.Hosts)
            await UseTestDriver(lab, host, cancel).ConfigureAwait(false);
        await sight.WaitUntil(lab.Options.Hosts[0], "The return of the agents", seen => lab.Options.Hosts
            .Select(host => ClusterSight.LackingOf(seen, host)).FirstOrDefault(lack => lack is not null), SettleLimit,
                cancel).ConfigureAwait(false);
        var victim = lab.Options.Hosts[^1];
        // The driver begins with a domain of its own, the same on every host.
        foreach (var host in lab.Options.Hosts)
            await Virsh(lab, host, ["destroy test; undefine test"], cancel).ConfigureAwait(false);
        await Define(lab, victim, cancel).ConfigureAwait(false);
        await MainstaySetup.ProtectAll(lab, cancel).ConfigureAwait(false);
        await sight.WaitUntil(victim, "A cluster that is ready to lose a host",
            seen => ClusterSight.LackingForFailover(seen, lab.Options.Hosts, Names), SettleLimit, cancel).ConfigureAwait(false);
        await using var words = new GuestWatch(lab);
        return await new FailoverWatch(lab, feed, words, _ => { })
            .Kill(victim, Names, now => now.AllStarted, FailoverLimit, cancel).ConfigureAwait(false);
    }

    /// <summary>Another libvirt connection is a line of the agent's configuration, which it reads when it starts.</summary>
    private static async Task UseTestDriver(LabCluster lab, string host, CancellationToken cancel)
    {
        var file = Path.Combine(lab.HostDirectory(host), "etc-mainstay", "agent.json");
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(file, cancel).ConfigureAwait(false))
            ?? throw new LabException($"{file} is empty.");
        settings["libvirt_uri"] = TestDriver;
        await File.WriteAllTextAsync(file, settings.ToJsonString(), cancel).ConfigureAwait(false);
        await lab.KillProcess(host, LabProcess.Agent, cancel).ConfigureAwait(false);
    }

    private async Task Define(LabCluster lab, string host, CancellationToken cancel)
    {
        var commands = new StringBuilder();
        foreach (var name in Names)
        {
            await File.WriteAllTextAsync(Path.Combine(lab.SharedDirectory, name + ".xml"),
                $"<domain type='test'><name>{name}</name><memory>1024</memory><os><type>hvm</type></os></domain>", cancel).ConfigureAwait(
                    false);
            commands.Append(CultureInfo.InvariantCulture, $"define /srv/shared/{name}.xml\nstart {name}\n");
        }

        await File.WriteAllTextAsync(Path.Combine(lab.SharedDirectory, Path.GetFileName(Script)), commands.ToString(), cancel)
            .ConfigureAwait(false);
        var outcome = await lab.Exec(
            host, ["sh", "-c", $"exec virsh -q -c {TestDriver} < {Script}"], DefineLimit, cancel).ConfigureAwait(false);
        outcome.OutputOr($"The resources could not be made on {host}");
    }

    private static async Task Virsh(LabCluster lab, string host, IReadOnlyList<string> words, CancellationToken cancel)
    {
        var outcome = await lab.Exec(host, ["virsh", "-q", "-c", TestDriver, .. words], DefineLimit, cancel).ConfigureAwait(false);
        outcome.OutputOr($"virsh on {host} failed");
    }
}
