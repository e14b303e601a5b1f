using System.Globalization;
using Mainstay.Core.Model;

namespace Mainstay.Core.Ordering;

/// <summary>What must be so of another group before this one is started.</summary>
public enum StartGate
{
    /// <summary>Its owner has seen it run.</summary>
    Started,

    /// <summary>The agent in the guest has answered.</summary>
    Agent,

    /// <summary>It has run for a time.</summary>
    Delay,

    /// <summary>Reserved: a probe of its application has succeeded. Nothing opens it yet.</summary>
    Probe,
}

/// <summary>What becomes of a group that has waited for another one as long as it may.</summary>
public enum OnLimit
{
    /// <summary>It is started all the same (default).</summary>
    Continue,

    /// <summary>It waits on, until the gate opens or a person starts it.</summary>
    Hold,
}

/// <summary>A group is started after another one. It is about starting only: nothing is stopped or restarted because of it.</summary>
/// <param name="On">The group that goes first.</param>
/// <param name="Delay">How long that one must have run, for <see cref="StartGate.Delay"/>; zero else.</param>
/// <param name="Limit">How long it waits at most, 1 s to 24 h.</param>
public sealed record StartDependency(GroupId On, StartGate Gate, TimeSpan Delay, TimeSpan Limit, OnLimit Then)
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LeastLimit = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MostLimit = TimeSpan.FromHours(24);

    /// <summary>Such as <c>started</c>, <c>agent</c> or <c>delay=30s</c>.</summary>
    public string GateText => Gate switch
    {
        StartGate.Started => "started",
        StartGate.Agent => "agent",
        StartGate.Delay => $"delay={Words(Delay)}",
        StartGate.Probe => "probe",
    };

    /// <summary>Such as <c>5m</c> or <c>90s</c>: the largest unit in which it is whole.</summary>
    public static string Words(TimeSpan time)
    {
        var seconds = (long)Math.Round(time.TotalSeconds);
        return seconds switch
        {
            _ when time.Milliseconds != 0 => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s",
            > 0 when seconds % 3600 == 0 => Number(seconds / 3600, "h"),
            > 0 when seconds % 60 == 0 => Number(seconds / 60, "m"),
            _ => Number(seconds, "s"),
        };
    }

    private static string Number(long count, string unit) => count.ToString(CultureInfo.InvariantCulture) + unit;
}
