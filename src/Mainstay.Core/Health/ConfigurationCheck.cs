using System.Globalization;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Health;

/// <summary>
/// Judges whether settings, hosts and what was measured fit together: pure, one rule after another. The rules stand in
/// <c>docs/timing.md</c>; what nobody measured is no finding.
/// </summary>
public static class ConfigurationCheck
{
    private const int FewestBeaconsForCommit = 3;
    private const int FewestBeaconsForFreeze = 10;
    private const int FewestVoters = 3;

    /// <summary>Fewer wake-ups than these say nothing about one in a thousand.</summary>
    private const long EnoughWakeUps = 10_000;

    /// <summary>All findings, those that refuse first, then by rule and host.</summary>
    public static ValueList<Finding> Of(CheckInputs inputs) =>
    [
        .. V1(inputs).Concat(V2(Timing.For(inputs.Profile))).Concat(V3(inputs)).Concat(WatchdogRules.V4(inputs)).Concat(V5(inputs))
            .Concat(V6(inputs)).Concat(WatchdogRules.V6(inputs)).Concat(V7(inputs)).Concat(StorageChecks.V8(inputs)).Concat(V9(inputs))
            .Concat(V10(inputs)).Concat(LockChecks.V11(inputs)).Concat(ClockRules.V12(inputs)).Concat(RuleFindings.V13(inputs))
            .OrderByDescending(f => f.Severity).ThenBy(f => Number(f.Rule)).ThenBy(f => f.Subject?.Name ?? "", StringComparer.Ordinal),
    ];

    /// <summary>What forbids this profile. None of it endangers S1: it costs false alarms, so a person may overrule it.</summary>
    public static ValueList<Finding> AgainstProfile(CheckInputs inputs) =>
        [.. V1(inputs).Concat(V2(Timing.For(inputs.Profile))).Concat(V10(inputs)).Where(f => f.Severity == FindingSeverity.Refuse)];

    /// <summary>V2: beacons must be missed several times before guests are paused, and paused before they are killed.</summary>
    internal static IEnumerable<Finding> V2(Timing timing)
    {
        if (timing.LeaseFreeze < timing.BeaconPeriod * FewestBeaconsForFreeze)
        {
            yield return new("V2", FindingSeverity.Refuse, null,
                $"guests are paused before {FewestBeaconsForFreeze} beacons are missed", Text(timing.LeaseFreeze),
                $"freeze after {Text(timing.BeaconPeriod * FewestBeaconsForFreeze)} or later");
        }

        if (timing.LeaseFreeze >= timing.LeaseKill)
        {
            yield return new("V2", FindingSeverity.Refuse, null,
                "guests are killed before they are paused", $"freeze {Text(timing.LeaseFreeze)}, kill {Text(timing.LeaseKill)}",
                "kill later than freeze");
        }
    }

    /// <summary>V1: a host is not fenced for what its own beacon, or that of an observer, does under load.</summary>
    private static IEnumerable<Finding> V1(CheckInputs inputs)
    {
        var timing = Timing.For(inputs.Profile);
        if (timing.CommitAfter < timing.BeaconPeriod * FewestBeaconsForCommit)
        {
            yield return new("V1", FindingSeverity.Refuse, null,
                $"hosts are fenced before {FewestBeaconsForCommit} beacons are missed", Text(timing.CommitAfter),
                $"commit after {Text(timing.BeaconPeriod * FewestBeaconsForCommit)} or later");
        }

        foreach (var reading in inputs.Readings)
        {
            if (reading.Loop is not { } loop)
                continue;
            var (usual, worst) = (timing.BeaconPeriod + loop.P999, timing.BeaconPeriod + loop.Longest);
            if (loop.WakeUps >= EnoughWakeUps && usual * 2 > timing.CommitAfter)
            {
                yield return new("V1", FindingSeverity.Refuse, reading.Host,
                    "one in a thousand gaps between its beacons is longer than half of the silence after which it is fenced", Text(usual),
                    "give the beacon real-time scheduling and locked memory (its log says what is missing), or choose a more patient "
                    + "profile");
            }
            else if (worst * 2 > timing.CommitAfter)
            {
                yield return new("V1", FindingSeverity.Warn, reading.Host,
                    "its beacon once stood still for longer than half of the silence after which it is fenced", Text(worst),
                    "look what held it up then; a more patient profile forgives it");
            }
        }
    }

    /// <summary>V3: what the keepers' silence was at worst leaves room before guests are killed for it.</summary>
    private static IEnumerable<Finding> V3(CheckInputs inputs)
    {
        var kill = Timing.For(inputs.Profile).LeaseKill;
        return inputs.Readings.Where(r => r.OldestLease * 3 > kill * 2).Select(r => new Finding("V3", FindingSeverity.Warn, r.Host,
            $"a majority of keepers once did not hear it for longer than two thirds of the {Text(kill)} after which its guests are killed",
            Text(r.OldestLease ?? TimeSpan.Zero),
            "look what held its network up then; a more patient profile forgives it. Counted since its beacon began"));
    }

    /// <summary>V5: what a host promised is what the keepers reckon with, and made to the set of keepers in use.</summary>
    private static IEnumerable<Finding> V5(CheckInputs inputs)
    {
        var keepers = inputs.View.Keepers?.Value.Epoch;
        foreach (var (host, session) in inputs.View.Sessions)
        {
            if (session.Value is not { State: SessionState.Online, Lease: { } promise })
                continue;
            if (promise.KeepersEpoch != keepers && inputs.View.Keepers?.Value.Previous.IsEmpty != false)
            {
                yield return new("V5", FindingSeverity.Warn, host, "its lease was promised to an earlier set of keepers",
                    string.Create(CultureInfo.InvariantCulture, $"{promise.KeepersEpoch} instead of {keepers ?? 0}"),
                    "this ends by itself when its beacon answers; see mainstay status");
            }

            if (inputs.Readings.FirstOrDefault(r => r.Host == host)?.Watchdog is { } reset && reset > promise.Terms.Reset)
            {
                yield return new("V5", FindingSeverity.Refuse, host, "its watchdog resets it later than its host promised", Text(reset),
                    "restart its agent; if this stays, take its guests away (mainstay maintenance) and report it");
            }
        }
    }

    /// <summary>V6: where no lease is in force, and why.</summary>
    private static IEnumerable<Finding> V6(CheckInputs inputs)
    {
        var hosts = inputs.View.Hosts.Count;
        if (hosts < LeaseRules.FewestKeepers)
        {
            yield return new("V6", FindingSeverity.Warn, null, "there is no keeper lease: it needs three hosts", Count(hosts),
                "add hosts; until then death is proved by power readings or a person");
        }
    }

    /// <summary>V7: the store survives the loss of a host.</summary>
    private static IEnumerable<Finding> V7(CheckInputs inputs)
    {
        if (inputs.Voters is { } voters and < FewestVoters && inputs.View.Hosts.Count >= FewestVoters)
        {
            yield return new("V7", FindingSeverity.Warn, null, "the store has too few members to outlive one of them", Count(voters),
                "wait until the hosts that joined last are members; see mainstay status");
        }
    }

    /// <summary>V9: the death of every host can be proved by something else than its return.</summary>
    private static IEnumerable<Finding> V9(CheckInputs inputs) => inputs.View.Hosts
        .Where(h => h.Value.Value is { FenceMethods.IsEmpty: true, Witness: false }
            && inputs.View.Sessions.GetValueOrDefault(h.Key)?.Value.Lease is null)
        .Select(h => new Finding("V9", FindingSeverity.Refuse, h.Key, "nothing but a person or its return can prove its death", "no method",
            $"mainstay fence set {h.Key}, or give it a watchdog"));

    /// <summary>V10: one dead network card or switch is not the silence of a host.</summary>
    private static IEnumerable<Finding> V10(CheckInputs inputs) => inputs.View.Hosts
        .Where(h => h.Value.Value.Addresses.Count < 2)
        .Select(h => new Finding("V10", inputs.Profile == TimingProfile.Aggressive ? FindingSeverity.Refuse : FindingSeverity.Warn, h.Key,
            "its beacons have one network only", Count(h.Value.Value.Addresses.Count),
            "join it with an address on a second network; the profile aggressive needs that"));

    private static int Number(string rule) => int.Parse(rule.AsSpan(1), CultureInfo.InvariantCulture);

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");
}
