using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Health;

/// <summary>When a host is gray: a pure comparison of what the hosts measured of themselves. Every finding says why.</summary>
internal static class GrayRules
{
    /// <summary>A disk faster than this is never called slow: idle noise of fast disks is ten times their median as well.</summary>
    public static readonly TimeSpan DiskFloor = TimeSpan.FromMilliseconds(100);

    /// <summary>Changes among faster ones are not worth a write to the store.</summary>
    public static readonly TimeSpan DiskWorthAWord = TimeSpan.FromMilliseconds(50);

    public const int SlowFactor = 10;

    public const int MostFlaps = 3;

    public const int MostLeaves = 3;

    /// <summary>Nothing that a host measures of itself could be a sign, whatever its peers measure.</summary>
    public static bool IsWell(HostHealth health) =>
        health.StuckMonitors.IsEmpty && health.LinkFlaps <= MostFlaps && !(health.DiskLatency >= DiskFloor);

    /// <summary>How long it must last until the host is quarantined for it.</summary>
    public static TimeSpan LastsFor(QuarantineCause cause) =>
        cause == QuarantineCause.Disk ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;

    public static string? Monitors(HostHealth health) => health.StuckMonitors.IsEmpty
        ? null
        : $"the monitor of {Named(health.StuckMonitors)} has not answered for 10 s";

    public static string? Links(HostHealth health) => health.LinkFlaps > MostFlaps
        ? string.Create(CultureInfo.InvariantCulture, $"its links went down {health.LinkFlaps} times in 10 minutes")
        : null;

    public static string? Leaves(int count) => count >= MostLeaves
        ? string.Create(CultureInfo.InvariantCulture, $"it left {count} times without a plan within an hour")
        : null;

    public static string? Disk(ClusterView view, HostId host, HostHealth health)
    {
        if (health.DiskLatency is not { } own || own < DiskFloor || PeerMedian(view, host) is not { } median || own <= median * SlowFactor)
            return null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"a small write takes {own.TotalMilliseconds:0} ms on its disks and {median.TotalMilliseconds:0.#} ms on those of its peers");
    }

    /// <summary>At most a quarter of the hosts, but at least one, are quarantined by the cluster itself.</summary>
    public static bool HasRoom(ClusterView view) => view.Quarantines.Count < Math.Max(1, view.Hosts.Count / 4);

    // Null without peers: alone nobody is slow. Of an even number the faster of the two in the middle: one slow peer of two hides nothing.
    private static TimeSpan? PeerMedian(ClusterView view, HostId host)
    {
        var others = view.Loads
            .Where(l => l.Key != host && view.OnlineSession(l.Key)?.Session == l.Value.Value.Session)
            .Select(l => l.Value.Value.Health.DiskLatency).OfType<TimeSpan>().Order().ToArray();
        return others.Length == 0 ? null : others[(others.Length - 1) / 2];
    }

    private static string Named(ValueList<string> guests) =>
        guests.Count <= 3 ? string.Join(", ", guests) : $"{string.Join(", ", guests.Take(3))} and {guests.Count - 3} more";
}
