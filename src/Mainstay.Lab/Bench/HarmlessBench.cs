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

    /// <summary>A cut that a busy machine ended so much later than it should was another fault: it is done again.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(300);
    private const int MostRepeats = 5;

    private readonly SortedSet<string> moved = new(StringComparer.Ordinal);
    private readonly SortedSet<string> stopped = new(StringComparer.Ordinal);
    private readonly SortedSet<string> fenced = new(StringComparer.Ordinal);
    private readonly List<double> pauses = [];
    private readonly List<double> silences = [];
    private readonly List<double> cuts = [];
    private int resets;
    private int repeats;

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
            if (!await RunOnce(stage, cancel).ConfigureAwait(false))
                continue;
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

    /// <summary>False when it does not count.</summary>
    private async Task<bool> RunOnce(BenchStage stage, CancellationToken cancel)
    {
        await stage.WaitUntilReady(cancel).ConfigureAwait(false);
        var table = new GuestProcesses(stage.Lab);
        var before = table.Find();
        var resetsBefore = await Resets(stage, cancel).ConfigureAwait(false);
        stage.Feed.News();
        await using (var pause = new PauseWatch(stage.Lab, before))
        {
            var late = await Act(stage, cancel).ConfigureAwait(false);
            await Task.Delay(Afterwards, cancel).ConfigureAwait(false);
            if (late > LongestDelay)
            {
                say(string.Create(CultureInfo.InvariantCulture, $"    the cut lasted {late.TotalSeconds:0.0} s too long: done again"));
                return ++repeats <= MostRepeats
                    ? false : throw new LabException($"The machine is too busy: {repeats} cuts lasted longer than they should.");
            }

            pauses.Add(pause.LongestPause);
            silences.Add(pause.LongestSilence);
        }

        Count(stage.Feed.News());
        var after = table.Find();
        stopped.UnionWith(before.Except(after).Select(process => process.Guest));
        moved.UnionWith(after.Where(process => before.Any(was => was.Guest == process.Guest && was.Host != process.Host))
            .Select(process => process.Guest));
        resets += await Resets(stage, cancel).ConfigureAwait(false) - resetsBefore;
        return true;
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

    /// <summary>By how much the fault lasted longer than it should.</summary>
    private async Task<TimeSpan> Act(BenchStage stage, CancellationToken cancel)
    {
        switch (Kind)
        {
            case FailoverKind.AgentKill:
                await stage.Lab.KillProcess(stage.Victim, LabProcess.Agent, cancel).ConfigureAwait(false);
                return TimeSpan.Zero;
            case FailoverKind.LibvirtdKill:
                await stage.Lab.KillProcess(stage.Victim, LabProcess.Libvirtd, cancel).ConfigureAwait(false);
                return TimeSpan.Zero;
            case FailoverKind.Blip1s or FailoverKind.Blip3s:
                return await Blink(stage, TimeSpan.FromSeconds(Kind == FailoverKind.Blip1s ? 1 : 3), cancel).ConfigureAwait(false);
            default:
                throw new InvalidOperationException($"{Kind} is not harmless.");
        }
    }

    private async Task<TimeSpan> Blink(BenchStage stage, TimeSpan length, CancellationToken cancel)
    {
        var asked = Stopwatch.StartNew();
        await stage.Lab.Isolate(Whole ? stage.Lab.Options.Hosts : [stage.Victim], cancel).ConfigureAwait(false);
        var (cut, left) = (Stopwatch.StartNew(), length - asked.Elapsed);
        // Healing takes about as long as cutting did.
        if (left > TimeSpan.Zero)
            await Task.Delay(left, cancel).ConfigureAwait(false);
        await stage.Lab.Heal(null, cancel).ConfigureAwait(false);
        var lasted = cut.Elapsed;
        if (lasted - length <= LongestDelay)
            cuts.Add(lasted.TotalSeconds);
        return lasted - length;
    }

    private static async Task<int> Resets(BenchStage stage, CancellationToken cancel) =>
        (await stage.Lab.Status(cancel).ConfigureAwait(false)).Hosts.Sum(host => host.WatchdogResets ?? 0);
}
