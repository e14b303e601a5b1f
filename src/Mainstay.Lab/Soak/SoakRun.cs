using System.Diagnostics;
using System.Globalization;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Soak;

/// <summary>
/// Random faults on a real cluster, round after round: faults, healing, and the question whether every promise was kept. The first
/// broken one ends it, so that everything can be looked at as it was.
/// </summary>
internal sealed class SoakRun : IAsyncDisposable
{
    /// <summary>Several times what the worst failover takes: the brakes and a busy machine may hold it back.</summary>
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan WholeLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly LabCluster lab;
    private readonly IReadOnlyList<string> guests;
    private readonly SeededRandom random;
    private readonly Action<string> say;
    private readonly FactFeed feed;
    private readonly LabHealing healing;
    private readonly SoakHand hand;
    private readonly DoubleRunWatch watch;
    private readonly SoakTally tally;
    private readonly List<EventEntry> facts = [];
    private readonly ulong seed;

    public SoakRun(LabCluster lab, IReadOnlyList<string> guests, ulong seed, SoakTally tally, Action<string> say)
    {
        (this.lab, this.guests, this.seed, this.tally, this.say) = (lab, guests, seed, tally, say);
        random = new SeededRandom(seed);
        feed = new FactFeed(lab);
        feed.News();
        healing = new LabHealing(lab, new FactFeed(lab));
        hand = new SoakHand(lab);
        watch = new DoubleRunWatch(lab);
    }

    /// <summary>A promise was broken: the cluster is left as it was then.</summary>
    public bool IsBroken { get; private set; }

    private bool Leases => lab.Options.Watchdog is not null;

    /// <summary>Until the tally's time is over or a promise was broken.</summary>
    public async Task Play(TimeSpan length, CancellationToken cancel)
    {
        var status = await healing.WaitUntilWhole(guests, WholeLimit, cancel).ConfigureAwait(false);
        while (tally.Elapsed < length && !IsBroken)
            status = await PlayRound(status, cancel).ConfigureAwait(false) ?? status;
    }

    public ValueTask DisposeAsync() => watch.DisposeAsync();

    private async Task<StatusReply?> PlayRound(StatusReply before, CancellationToken cancel)
    {
        var faults = Plan(before);
        facts.Clear();
        Hear();
        facts.Clear();
        var violations = new List<string>();
        var resets = await Resets(cancel).ConfigureAwait(false);
        var began = TimeProvider.System.GetUtcNow();
        foreach (var fault in faults)
        {
            tally.Did(fault);
            await hand.Begin(fault, cancel).ConfigureAwait(false);
        }

        var recovered = faults is [{ EndsTheHost: true } only]
            ? await AwaitRecovery(only, before, began, violations, cancel).ConfigureAwait(false)
            : await Hold(faults, cancel).ConfigureAwait(false);
        var (whole, status) = await Heal(violations, cancel).ConfigureAwait(false);
        violations.AddRange(watch.Findings());
        violations.AddRange(SoakJudge.NeedlessMoves(faults, Hear()));
        resets = await Resets(cancel).ConfigureAwait(false) - resets;
        violations.AddRange(SoakJudge.NeedlessResets(faults, resets));
        var round = new SoakRound
        {
            Number = tally.Rounds + 1,
            Faults = [.. faults.Select(fault => fault.ToString())],
            Fenced = facts.Count(entry => entry.Fact == "HostFenced"),
            Resets = resets,
            Recovered = recovered,
            Whole = whole,
            Violations = violations,
        };
        tally.Ended(round);
        Tell(round);
        IsBroken = violations.Count > 0;
        if (IsBroken)
            tally.Kept(await SoakEvidence.Write(lab, seed, round, facts, cancel).ConfigureAwait(false));
        return status;
    }

    /// <summary>One fault, and now and then a second one on another host at the same time.</summary>
    private SoakFault[] Plan(StatusReply status)
    {
        string[] withGuests = [.. lab.Options.Hosts.Where(host => status.Guests.Any(guest => guest.Host == host))];
        var first = SoakFault.Plan(random, lab.Options.Hosts, withGuests);
        return random.Next(5) > 0
            ? [first] : [first, SoakFault.Plan(random, [.. lab.Options.Hosts.Where(host => host != first.Host)], [])];
    }

    private static async Task<double?> Hold(SoakFault[] faults, CancellationToken cancel)
    {
        await Task.Delay(faults.Max(fault => fault.Hold), cancel).ConfigureAwait(false);
        return null;
    }

    /// <summary>Seconds until the guests of the host run elsewhere, while the fault lasts.</summary>
    private async Task<double?> AwaitRecovery(
        SoakFault fault, StatusReply before, DateTimeOffset began, List<string> violations, CancellationToken cancel)
    {
        if (fault.TakesTheBmc && !Leases)
        {
            await Task.Delay(fault.Hold, cancel).ConfigureAwait(false);
            violations.AddRange(SoakJudge.ProofsFromNothing(fault, Leases, Hear()));
            began = TimeProvider.System.GetUtcNow();
            await hand.ReturnBmc(fault.Host, cancel).ConfigureAwait(false);
        }

        string[] atStake = [.. before.Guests.Where(guest => guest.Host == fault.Host).Select(guest => guest.Name)];
        if (atStake.Length == 0)
            return null;
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < RecoveryLimit; await Task.Delay(Look, cancel).ConfigureAwait(false))
        {
            if (SoakJudge.AllElsewhere(atStake, fault.Host, Hear()) is not { } at)
                continue;
            if (fault.TakesTheBmc && Leases)
                violations.AddRange(SoakJudge.ProofsFromNothing(fault, Leases, Hear()));
            var seconds = (at - began).TotalSeconds;
            tally.Recovered(fault, seconds);
            return seconds;
        }

        violations.Add($"{fault}: {string.Join(", ", atStake)} did not run elsewhere within {RecoveryLimit.TotalSeconds:0} s (L1).");
        return null;
    }

    private async Task<(double? Seconds, StatusReply? Status)> Heal(List<string> violations, CancellationToken cancel)
    {
        var healed = Stopwatch.StartNew();
        try
        {
            await healing.EndFaults(cancel).ConfigureAwait(false);
            var status = await healing.WaitUntilWhole(guests, WholeLimit, cancel).ConfigureAwait(false);
            return (Sample.Round(healed.Elapsed.TotalSeconds), status);
        }
        catch (LabException failure)
        {
            violations.Add($"L1: {failure.Message.Split('\n')[0]}");
            return (null, null);
        }
    }

    private async Task<int> Resets(CancellationToken cancel) =>
        (await lab.Status(cancel).ConfigureAwait(false)).Hosts.Sum(host => host.WatchdogResets ?? 0);

    private List<EventEntry> Hear()
    {
        facts.AddRange(feed.News());
        return facts;
    }

    private void Tell(SoakRound round)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{tally.Elapsed.TotalSeconds,7:0.0} s  {round.Number,3}  {string.Join(" + ", round.Faults),-44}");
        if (round.Fenced > 0)
            text += $"  {round.Fenced} proved dead";
        if (round.Recovered is { } recovered)
            text += string.Create(CultureInfo.InvariantCulture, $"  guests elsewhere after {recovered:0.0} s");
        if (round.Whole is { } whole)
            text += string.Create(CultureInfo.InvariantCulture, $"  whole after {whole:0.0} s");
        say(text);
        foreach (var violation in round.Violations)
            say("           VIOLATION  " + violation);
    }
}
