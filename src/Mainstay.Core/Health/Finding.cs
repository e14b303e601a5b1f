using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Health;

/// <summary>How bad a finding about the configuration is.</summary>
public enum FindingSeverity
{
    /// <summary>It works, and less well or less safely than it could.</summary>
    Warn,

    /// <summary>It must not be used so.</summary>
    Refuse,
}

/// <summary>Something about settings, hosts or measurements that does not fit together.</summary>
/// <param name="Rule">V1 to V13, as <c>docs/timing.md</c> lists them.</param>
/// <param name="Subject">The host it is about; null for the cluster.</param>
/// <param name="Value">What is so now.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record Finding(string Rule, FindingSeverity Severity, HostId? Subject, string What, string Value, string Mend);

/// <summary>What a host's beacon measured of itself.</summary>
/// <param name="Loop">Null when it does not say.</param>
/// <param name="Watchdog">From the last feeding to the reset, with margin; null without a usable watchdog.</param>
public sealed record HostReading(HostId Host, LoopFigures? Loop, TimeSpan? Watchdog)
{
    /// <summary>The greatest age of its lease since its beacon began; null when it kept none.</summary>
    public TimeSpan? OldestLease { get; init; }

    /// <summary>Null when its agent does not say.</summary>
    public WatchdogFacts? Device { get; init; }

    /// <summary>How long it has slept since its beacon began; null when that does not say.</summary>
    public TimeSpan? Slept { get; init; }

    /// <summary>How fast the clocks of others run against its own, as far as they were heard for five minutes.</summary>
    public ValueList<ClockReading> Clocks { get; init; }

    /// <summary>Null when its agent does not say.</summary>
    public HostStorage? Storage { get; init; }
}

/// <summary>What a host's kernel says of its watchdog device.</summary>
/// <param name="Driver">What its driver calls itself; null when the kernel does not say.</param>
/// <param name="Timeout">In seconds; null when the kernel does not say.</param>
/// <param name="NoWayOut">Once open it stays armed; null when the kernel does not say.</param>
/// <param name="Holder">Who has it open; null when nobody has.</param>
/// <param name="Virtual">The host is itself a virtual machine.</param>
/// <param name="Measured">By <c>mainstay watchdog measure</c>, without margin; null when it was not.</param>
/// <param name="Stale">Why that counts no more; null when it does.</param>
public sealed record WatchdogFacts(
    string? Driver, int? Timeout, bool? NoWayOut, string? Holder, bool Virtual, TimeSpan? Measured, string? Stale);

/// <summary>What the configuration is judged by.</summary>
/// <param name="Profile">The profile to judge; not always the one in use.</param>
/// <param name="Voters">Members of the store with a vote; null when that is not known.</param>
/// <param name="Readings">Of the hosts that answered.</param>
public sealed record CheckInputs(ClusterView View, TimingProfile Profile, int? Voters, ValueList<HostReading> Readings);
