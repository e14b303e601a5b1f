using System.Globalization;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Core.Health;

/// <summary>
/// Judges the clocks by which leases are counted (V12): how fast they run against each other, and that none stood still while its host
/// slept.
/// </summary>
public static class ClockRules
{
    /// <summary>
    /// Half of what the safe time allows two clocks to differ by, in millionth parts: a quartz is within 200, so more is a fault.
    /// </summary>
    public const double MostPpm = 500;

    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// All pairs of hosts that were measured against each other: by how much the clock of the first runs faster. What both say of each
    /// other is one measurement made twice.
    /// </summary>
    public static ValueList<ClockPair> Pairs(ValueList<HostReading> readings)
    {
        var said = new SortedDictionary<(HostId, HostId), (double Sum, int Count)>();
        foreach (var reading in readings)
        {
            foreach (var clock in reading.Clocks)
            {
                var isFirst = reading.Host.CompareTo(clock.Peer) < 0;
                var key = isFirst ? (reading.Host, clock.Peer) : (clock.Peer, reading.Host);
                var (sum, count) = said.GetValueOrDefault(key);
                said[key] = (sum + (isFirst ? clock.Ppm : -clock.Ppm), count + 1);
            }
        }

        return said.Select(pair => new ClockPair(pair.Key.Item1, pair.Key.Item2, pair.Value.Sum / pair.Value.Count)).ToValueList();
    }

    internal static IEnumerable<Finding> V12(CheckInputs inputs) => Drifting(Pairs(inputs.Readings)).Concat(Sleepers(inputs));

    // Of two clocks that differ nobody can say which is wrong; a host that differs from more others than they do is.
    private static IEnumerable<Finding> Drifting(ValueList<ClockPair> pairs)
    {
        var bad = pairs.Where(pair => Math.Abs(pair.Ppm) >= MostPpm).ToArray();
        int Count(HostId host) => bad.Count(pair => pair.One == host || pair.Other == host);
        foreach (var pair in bad)
        {
            var (first, second) = (Count(pair.One), Count(pair.Other));
            HostId? wrong = first > second ? pair.One : second > first ? pair.Other : null;
            var (faster, slower) = pair.Ppm > 0 ? (pair.One, pair.Other) : (pair.Other, pair.One);
            yield return new Finding("V12", FindingSeverity.Refuse, wrong,
                $"the clock of {faster} runs faster than that of {slower} by more than {MostPpm:0} ppm, so the lease of "
                + $"{(wrong is { } one ? $"{one} is" : $"either is")} not to be trusted as a proof",
                string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(pair.Ppm):0} ppm"),
                "look at /sys/devices/system/clocksource/clocksource0/current_clocksource and dmesg there; until it is mended prove its "
                + "death by a fence method, and take its lease away: move its /etc/mainstay/watchdog away and restart mainstay-beacon");
        }
    }

    private static IEnumerable<Finding> Sleepers(CheckInputs inputs) => inputs.Readings.Where(r => r.Slept > Noise).Select(r => new Finding(
        "V12", FindingSeverity.Warn, r.Host,
        "it was suspended since its beacon began: its watchdog and its guests' clocks stood still",
        string.Create(CultureInfo.InvariantCulture, $"{r.Slept?.TotalSeconds:0.#} s"),
        "systemctl mask sleep.target suspend.target hibernate.target hybrid-sleep.target"));
}

/// <summary>Two clocks against each other.</summary>
/// <param name="Ppm">By so many millionth parts the first runs faster; slower when negative.</param>
public readonly record struct ClockPair(HostId One, HostId Other, double Ppm);
