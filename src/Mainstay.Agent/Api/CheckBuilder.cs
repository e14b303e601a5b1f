using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Health;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Agent.Api;

/// <summary>Judges the configuration by what this agent sees and what the others measured of themselves. Pure.</summary>
internal static class CheckBuilder
{
    public static CheckReply Build(
        ClusterView view, TimingProfile? profile, StoreMembership store, IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers)
    {
        var judged = profile ?? view.Settings?.Value.Profile ?? TimingProfile.Balanced;
        var inputs = new CheckInputs(view, judged, VotersOf(store), Readings(answers));
        return new CheckReply
        {
            Profile = StoredWords.Of(judged),
            Findings = [.. ConfigurationCheck.Of(inputs).Select(Told)],
            Unheard = [.. view.Hosts.Keys.Where(host => answers.GetValueOrDefault(host) is not PeerAnswer<LocalReply>.Answered)
                .Select(host => host.Name)],
            Clocks = Clocks(view, inputs.Readings),
        };
    }

    private static CheckedClocks Clocks(ClusterView view, ValueList<HostReading> readings)
    {
        var pairs = ClockRules.Pairs(readings)
            .Where(pair => view.Hosts.ContainsKey(pair.One) && view.Hosts.ContainsKey(pair.Other)).ToArray();
        var worst = pairs.OrderByDescending(pair => Math.Abs(pair.Ppm)).Take(1).ToArray();
        return new CheckedClocks
        {
            Pairs = view.Hosts.Count * (view.Hosts.Count - 1) / 2,
            Measured = pairs.Length,
            WorstPpm = worst.Length == 0 ? null : Math.Round(Math.Abs(worst[0].Ppm), 3),
            Worst = worst.Length == 0 ? null : $"{worst[0].One} and {worst[0].Other}",
        };
    }

    /// <summary>As it leaves this host.</summary>
    public static LoopReading? Told(LoopFigures? loop) => loop is not { } figures ? null : new LoopReading
    {
        WakeUps = figures.WakeUps,
        P50Ms = figures.Median.TotalMilliseconds,
        P99Ms = figures.P99.TotalMilliseconds,
        P999Ms = figures.P999.TotalMilliseconds,
        MaxMs = figures.Longest.TotalMilliseconds,
    };

    private static int? VotersOf(StoreMembership store) =>
        store.Members.Count == 0 ? null : store.Members.Count(member => !member.IsLearner);

    /// <summary>What the hosts that answered said of themselves.</summary>
    public static ValueList<HostReading> Readings(IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers) => answers
        .Where(answer => answer.Value is PeerAnswer<LocalReply>.Answered)
        .OrderBy(answer => answer.Key)
        .Select(answer => Reading(answer.Key, ((PeerAnswer<LocalReply>.Answered)answer.Value).Value))
        .ToValueList();

    private static HostReading Reading(HostId host, LocalReply said) => new(
        host,
        said.Loop is { } loop
            ? new LoopFigures(loop.WakeUps, Span(loop.P50Ms), Span(loop.P99Ms), Span(loop.P999Ms), Span(loop.MaxMs), 0, 0)
            : null,
        said.WatchdogSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null)
    {
        OldestLease = said.OldestLeaseSeconds is { } oldest ? TimeSpan.FromSeconds(oldest) : null,
        Device = said.Watchdog is { } watchdog ? Facts(watchdog) : null,
        Slept = said.SleptSeconds is { } slept ? TimeSpan.FromSeconds(slept) : null,
        Clocks = said.Clocks.Select(c => new ClockReading(new HostId(c.Host), c.Ppm, TimeSpan.FromSeconds(c.OverSeconds))).ToValueList(),
        Storage = said.Storage is { } storage ? StorageWords.Read(storage) : null,
    };

    private static WatchdogFacts Facts(WatchdogStatus said) => new(
        said.Driver, said.Timeout, said.NoWayOut, said.Holder, said.Virtual,
        said.Measured is { } measured ? TimeSpan.FromSeconds(measured.ResetSeconds) : null, said.Stale);

    private static TimeSpan Span(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static CheckFinding Told(Finding finding) => new()
    {
        Rule = finding.Rule,
        Severity = finding.Severity switch
        {
            FindingSeverity.Refuse => "refuse",
            FindingSeverity.Warn => "warn",
        },
        Host = finding.Subject?.Name,
        What = finding.What,
        Value = finding.Value,
        Mend = finding.Mend,
    };
}
