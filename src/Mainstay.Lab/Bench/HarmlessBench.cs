using System.Diagnostics;
using System.Globalization;
using Mainstay.Contracts.Api;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Bench;

/// <summary>
/// Does what must cost nothing, again and again to one cluster with leases in force, and counts what it cost: guests that moved or ended,
/// hosts that were fenced or reset, and for how long guests stood still.
/// </summary>
internal sealed class HarmlessBench(LabOptions options, Action<string> say)
{
    /// <summary>After the fault: longer than anything takes that it may still set off.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(8);

    private readonly SortedSet<string> moved = new(StringComparer.Ordinal);
    private readonly SortedSet<string> stopped = new(StringComparer.Ordinal);
    private readonly SortedSet<string> fenced = new(StringComparer.Ordinal);
    private readonly List<double> pauses = [];
    private readonly List<double> silences = [];
    private readonly List<double> cuts = [];
    private int resets;

    public required FailoverKind Kind { get; init; }

    /// <summary>All hosts are cut off from each other at once, as when their switch fails over.</summary>
    public required bool Whole { get; init; }

    public required int Runs { get; init; }

    public required int Guests { get; init; }

    public required BenchVictim Victim { get; init; }

    public required LabFence Fence { get; init; }

    public async Task<HarmlessReport> Run(CancellationToken cancel)
    {
        var machine = MachineFacts.Now(options);
        say($"failover: {Kind.Name()}{(Whole ? ", all hosts at once" : "")}, {Runs} runs, {Guests} guests, victim {Victim}, fence {Fence}; "
            + machine);
        await using var stage = await BenchStage.Set(options, Guests, onVictim: false, Victim, Fence, cancel).ConfigureAwait(false);
        await using var twice = new DoubleRunWatch(stage.Lab);
        say("run victim   moved  stopped   fenced   resets   paused   silent      cut");
        var done = 0;
        while (done < Runs && moved.Count + stopped.Count + fenced.Count + resets == 0)
        {
            await RunOnce(stage, cancel).ConfigureAwait(false);
            done++;
            say(string.Create(CultureInfo.InvariantCulture,
                $"{done,3} {stage.Victim,-6} {moved.Count,7} {stopped.Count,8} {fenced.Count,8} {resets,8} ")
                + string.Create(CultureInfo.InvariantCulture, $"{pauses[^1],8:0.000} {silences[^1],8:0.000} ")
                + (cuts.Count > 0 ? cuts[^1].ToString("0.000", CultureInfo.InvariantCulture).PadLeft(8) : "       -"));
        }

        return new HarmlessReport
        {
            Kind = Kind.Name(), Moved = moved.Count, Stopped = stopped.Count, Fenced = fenced.Count, Resets = resets,
            PausedSeconds = Sample.Round(pauses.Max()), SilentSeconds = Sample.Round(silences.Max()),
            CutSeconds = cuts.Count > 0 ? Sample.Round(cuts.Max()) : null, Whole = Whole, Runs = done, Guests = Guests, Machine = machine,
            Victim = Victim == BenchVictim.Leader ? "leader" : "any", DoubleRuns = twice.Findings().Count,
            // A cut of three seconds is longer than a lease may be old: then the guests may pause.
            Harmless = moved.Count + stopped.Count + fenced.Count + resets + twice.Findings().Count == 0
                && (Kind == FailoverKind.Blip3s || pauses.Max() == 0),
        };
    }

    private async Task RunOnce(BenchStage stage, CancellationToken cancel)
    {
        await stage.WaitUntilReady(cancel).ConfigureAwait(false);
        var table = new GuestProcesses(stage.Lab);
        var before = table.Find();
        var resetsBefore = await Resets(stage, cancel).ConfigureAwait(false);
        stage.Feed.News();
        await using (var pause = new PauseWatch(stage.Lab, before))
        {
            await Act(stage, cancel).ConfigureAwait(false);
            await Task.Delay(Afterwards, cancel).ConfigureAwait(false);
            pauses.Add(pause.LongestPause);
            silences.Add(pause.LongestSilence);
        }

        Count(stage.Feed.News());
        var after = table.Find();
        stopped.UnionWith(before.Except(after).Select(process => process.Guest));
        moved.UnionWith(after.Where(process => before.Any(was => was.Guest == process.Guest && was.Host != process.Host))
            .Select(process => process.Guest));
        resets += await Resets(stage, cancel).ConfigureAwait(false) - resetsBefore;
    }

    private void Count(IEnumerable<EventEntry> facts)
    {
        foreach (var entry in facts)
        {
            if (entry.Fact is "FencingStarted" or "HostFenced" && entry.Fields.GetValueOrDefault("host") is { } host)
                fenced.Add(host);
            if (entry.Fact == "GroupAssigned" && entry.Fields.GetValueOrDefault("group") is { } guest)
                moved.Add(guest);
        }
    }

    private async Task Act(BenchStage stage, CancellationToken cancel)
    {
        switch (Kind)
        {
            case FailoverKind.AgentKill:
                await stage.Lab.KillProcess(stage.Victim, LabProcess.Agent, cancel).ConfigureAwait(false);
                break;
            case FailoverKind.LibvirtdKill:
                await stage.Lab.KillProcess(stage.Victim, LabProcess.Libvirtd, cancel).ConfigureAwait(false);
                break;
            case FailoverKind.Blip1s or FailoverKind.Blip3s:
                await Blink(stage, TimeSpan.FromSeconds(Kind == FailoverKind.Blip1s ? 1 : 3), cancel).ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"{Kind} is not harmless.");
        }
    }

    private async Task Blink(BenchStage stage, TimeSpan length, CancellationToken cancel)
    {
        await stage.Lab.Isolate(Whole ? stage.Lab.Options.Hosts : [stage.Victim], cancel).ConfigureAwait(false);
        var cut = Stopwatch.StartNew();
        await Task.Delay(length, cancel).ConfigureAwait(false);
        await stage.Lab.Heal(null, cancel).ConfigureAwait(false);
        cuts.Add(cut.Elapsed.TotalSeconds);
    }

    private static async Task<int> Resets(BenchStage stage, CancellationToken cancel) =>
        (await stage.Lab.Status(cancel).ConfigureAwait(false)).Hosts.Sum(host => host.WatchdogResets ?? 0);
}
