using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Lab.Hosts;
using Mainstay.Lab.Measure;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Bench;

/// <summary>
/// Measures how late the real beacon's loop wakes while every core is busy, and an ordinary .NET process beside it, in the same run. The
/// beacon sends to one peer, is real-time and locked in memory as in service, and tells its own figures in its reports.
/// </summary>
internal sealed class BeaconBench(LabOptions options, Action<string> say)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Overtime = TimeSpan.FromSeconds(60);

    public required TimeSpan Length { get; init; }

    public async Task<BeaconReport> Run(CancellationToken cancel)
    {
        var machine = MachineFacts.Now(options);
        var program = ProgramLinks.Find(options, "mainstay-beacon")
            ?? throw new LabException("mainstay-beacon is not built; run scripts/build.sh");
        say(string.Create(CultureInfo.InvariantCulture, $"beacon: {Length.TotalSeconds:0} s under load of all cores; {machine}"));
        var root = Directory.CreateTempSubdirectory("mainstay-bench-").FullName;
        var children = new List<Process>();
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "etc/mainstay"));
            var paths = new BeaconPaths(root, RandomNumberGenerator.GetInt32(20_000, 30_000));
            await File.WriteAllTextAsync(paths.ClusterKey, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancel)
                .ConfigureAwait(false);
            foreach (var kind in Kinds())
                children.Add(Own("burden", "--kind", kind.ToString()));
            children.Add(StartBeacon(program, paths));
            using var reports = await BeaconReports.Connect(paths, StartLimit, cancel).ConfigureAwait(false);
            await reports.SetUp(SetUp(), cancel).ConfigureAwait(false);
            var before = await reports.After(WarmUp, cancel).ConfigureAwait(false);
            var ordinary = Ordinary(cancel);
            var after = await reports.After(Length, cancel).ConfigureAwait(false);
            return Tell(new BeaconReport
            {
                Machine = machine,
                Seconds = Length.TotalSeconds,
                BusyProcesses = Environment.ProcessorCount,
                Beacon = Gaps(before, after),
                Dotnet = await ordinary.ConfigureAwait(false),
            });
        }
        finally
        {
            foreach (var child in children)
            {
                child.Kill(entireProcessTree: true);
                await child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
                child.Dispose();
            }

            Directory.Delete(root, recursive: true);
        }
    }

    private static IEnumerable<BurdenKind> Kinds() =>
        Enumerable.Repeat(BurdenKind.Processor, Environment.ProcessorCount).Append(BurdenKind.Memory).Append(BurdenKind.Disk);

    private static BeaconSetup SetUp() => new(
        new HostId("n1"), 1, new SessionId(1), ["127.0.0.1"], [new BeaconPeer(new HostId("n2"), 2, ["127.0.0.2"])], []);

    private static Process StartBeacon(string program, BeaconPaths paths)
    {
        var start = new ProcessStartInfo(program, []) { RedirectStandardError = false };
        start.Environment[BeaconPaths.RootVariable] = paths.Root;
        start.Environment[BeaconPaths.PortVariable] = paths.Port.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start) ?? throw new LabException($"{program} did not start.");
    }

    private static LoopGaps Gaps(LoopFigures before, LoopFigures after) => new()
    {
        WakeUps = after.WakeUps,
        P50Ms = Math.Round(after.Median.TotalMilliseconds, 3),
        P99Ms = Math.Round(after.P99.TotalMilliseconds, 3),
        P999Ms = Math.Round(after.P999.TotalMilliseconds, 3),
        MaxMs = Math.Round(after.Longest.TotalMilliseconds, 3),
        AllocatedBytes = after.AllocatedBytes - before.AllocatedBytes,
        Collections = after.Collections - before.Collections,
    };

    private static string Seconds(TimeSpan time) => ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string[] Hidden(params string[] words) => ["lab", "bench", .. words];

    private Process Own(params string[] words)
    {
        string[] arguments = Hidden([.. words, "--seconds", Seconds(Length + WarmUp + StartLimit + Overtime)]);
        return Process.Start(new ProcessStartInfo(Environment.ProcessPath ?? "mainstay", arguments))
            ?? throw new LabException("This program could not be started once more.");
    }

    private async Task<LoopGaps> Ordinary(CancellationToken cancel)
    {
        var outcome = await Command.Run(
            Environment.ProcessPath ?? "mainstay", Hidden("ordinary-loop", "--seconds", Seconds(Length)), Length + Overtime, cancel)
            .ConfigureAwait(false);
        return outcome is CommandOutcome.Exited { Code: 0 } exited
            && JsonSerializer.Deserialize(exited.Output, MeasureJson.Default.LoopGaps) is { } gaps
            ? gaps : throw new LabException($"The ordinary loop gave no figures: {outcome}");
    }

    private BeaconReport Tell(BeaconReport report)
    {
        say("woke late by, ms        p50      p99    p99.9      max   allocated  collections");
        Row("beacon", report.Beacon);
        Row(".NET, normal", report.Dotnet);
        return report;

        void Row(string name, LoopGaps gaps) => say(string.Create(CultureInfo.InvariantCulture,
            $"{name,-18} {gaps.P50Ms,8:0.00} {gaps.P99Ms,8:0.00} {gaps.P999Ms,8:0.00} {gaps.MaxMs,8:0.00} ")
            + string.Create(CultureInfo.InvariantCulture, $"{gaps.AllocatedBytes,11} {gaps.Collections,12}"));
    }
}
