using System.Diagnostics;
using System.Globalization;
using Mainstay.Lab.Hosts;
using Mainstay.Lab.Measure;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Bench;

/// <summary>
/// Measures what a cluster takes in which nothing happens: processor time and memory of the agents and beacons, and for comparison of
/// what they use. All guests run on the last host; they are of libvirt's test driver, so that they take nothing themselves.
/// </summary>
internal sealed class IdleBench(LabOptions options, Action<string> say)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan QuietWindow = TimeSpan.FromSeconds(10);
    private const double StillFalling = 0.8;

    private static readonly LabProcess[] Programs = [LabProcess.Agent, LabProcess.Beacon, LabProcess.Etcd, LabProcess.Libvirtd];

    public required int Guests { get; init; }

    public required TimeSpan Length { get; init; }

    private string[] Names => [.. Enumerable.Range(1, Guests).Select(number => $"r{number}")];

    public async Task<IdleReport> Run(CancellationToken cancel)
    {
        var machine = MachineFacts.Now(options);
        say(string.Create(CultureInfo.InvariantCulture,
            $"idle: {options.Hosts.Count} hosts, {Guests} guests, {Length.TotalSeconds:0} s; {machine}"));
        await using var lab = await LabCluster.Up(options, cancel).ConfigureAwait(false);
        await MainstaySetup.Join(lab, LabFence.Instant, _ => { }, cancel).ConfigureAwait(false);
        var sight = new ClusterSight(lab, new FactFeed(lab));
        await TestDriver.Use(lab, sight, cancel).ConfigureAwait(false);
        var busy = lab.Options.Hosts[^1];
        await TestDriver.Start(lab, busy, Names, cancel).ConfigureAwait(false);
        await MainstaySetup.ProtectAll(lab, cancel).ConfigureAwait(false);
        await sight.WaitUntil(busy, "A cluster at rest",
            seen => Lacking(seen, lab.Options.Hosts), SettleLimit, cancel).ConfigureAwait(false);
        var watched = await Find(lab, cancel).ConfigureAwait(false);
        await WaitUntilQuiet(watched, cancel).ConfigureAwait(false);
        var processes = await Measure(watched, Length, cancel).ConfigureAwait(false);
        say("host   program      % of a core   its programs        MiB    private");
        foreach (var one in processes)
        {
            say(string.Create(CultureInfo.InvariantCulture,
                $"{one.Host,-6} {one.Program,-10} {one.Cpu,13:0.00} {one.ChildrenCpu,14:0.00} ")
                + string.Create(CultureInfo.InvariantCulture, $"{one.MemoryMib,10:0.0} {one.PrivateMib,10:0.0}"));
        }

        return new IdleReport
        {
            Machine = machine, Hosts = options.Hosts.Count, Guests = Guests, Seconds = Length.TotalSeconds, Processes = processes,
        };
    }

    /// <summary>With one host there is nowhere to go, so no guest can be protected; that it runs and is known is enough here.</summary>
    private string? Lacking(Contracts.Api.StatusReply seen, IReadOnlyList<string> hosts) => hosts.Count > 1
        ? ClusterSight.LackingForFailover(seen, hosts, Names)
        : seen.Guests.Count(guest => guest.State == "running") is var running && running < Guests ? $"{running} of {Guests} run" : null;

    private static async Task<(string Host, LabProcess Program, int Pid)[]> Find(LabCluster lab, CancellationToken cancel)
    {
        var status = await lab.Status(cancel).ConfigureAwait(false);
        return
        [
            .. from host in status.Hosts
               where host.InitPid is not null
               from program in Programs
               from pid in HostMachine.Find(host.InitPid ?? 0, program)
               select (host.Name, program, pid),
        ];
    }

    /// <summary>A .NET process compiles what it used most for a while after it began; until the agents' share no longer falls.</summary>
    private static async Task WaitUntilQuiet((string Host, LabProcess Program, int Pid)[] watched, CancellationToken cancel)
    {
        var agents = watched.Where(one => one.Program == LabProcess.Agent).ToArray();
        var before = double.MaxValue;
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < QuietLimit;)
        {
            var now = (await Measure(agents, QuietWindow, cancel).ConfigureAwait(false)).Sum(one => one.Cpu);
            if (now > before * StillFalling)
                return;
            before = now;
        }
    }

    private static async Task<IdleProcess[]> Measure(
        (string Host, LabProcess Program, int Pid)[] watched, TimeSpan length, CancellationToken cancel)
    {
        var begin = Stopwatch.GetTimestamp();
        var first = watched.Select(one => Read(one.Pid)).ToArray();
        await Task.Delay(length, cancel).ConfigureAwait(false);
        var last = watched.Select(one => Read(one.Pid)).ToArray();
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return [.. watched.Select((one, at) => new IdleProcess(
            one.Host, one.Program.ToString().ToLowerInvariant(),
            Percent(last[at].Own - first[at].Own), Percent(last[at].Children - first[at].Children),
            Math.Round(last[at].MemoryMib, 1), Math.Round(last[at].PrivateMib, 1)))];

        double Percent(TimeSpan taken) => Math.Round(taken.TotalSeconds / seconds * 100, 2);
    }

    private static ProcessTable.Usage Read(int pid) => ProcessTable.UsageOf(pid)
        ?? throw new LabException($"Process {pid} ended while it was measured.");
}
