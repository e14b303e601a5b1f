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
/// <param name="Rule">V1 to V12, as <c>docs/timing.md</c> lists them.</param>
/// <param name="Subject">The host it is about; null for the cluster.</param>
/// <param name="Value">What is so now.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record Finding(string Rule, FindingSeverity Severity, HostId? Subject, string What, string Value, string Mend);

/// <summary>What a host's beacon measured of itself.</summary>
/// <param name="Loop">Null when it does not say.</param>
/// <param name="Watchdog">From the last feeding to the reset, with margin; null without a usable watchdog.</param>
public sealed record HostReading(HostId Host, LoopFigures? Loop, TimeSpan? Watchdog);

/// <summary>What the configuration is judged by.</summary>
/// <param name="Profile">The profile to judge; not always the one in use.</param>
/// <param name="Voters">Members of the store with a vote; null when that is not known.</param>
/// <param name="Readings">Of the hosts that answered.</param>
public sealed record CheckInputs(ClusterView View, TimingProfile Profile, int? Voters, ValueList<HostReading> Readings);
