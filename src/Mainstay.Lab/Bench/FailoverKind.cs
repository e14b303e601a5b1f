using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>What <c>bench failover</c> does to a host. After the first four its guests run elsewhere; the others cost nothing.</summary>
internal enum FailoverKind
{
    Power,
    Hang,
    BmcDead,
    Partition,
    AgentKill,
    LibvirtdKill,

    /// <summary>The host is cut off from everybody for a second.</summary>
    Blip1s,

    /// <summary>For three seconds, which a host alone may not be silent: so it is the switch of all hosts unless that is denied.</summary>
    Blip3s,
}

/// <summary>What belongs to each kind.</summary>
internal static class FailoverKinds
{
    private static readonly FailoverKind[] All = Enum.GetValues<FailoverKind>();

    /// <summary>As they are written on the command line and in reports.</summary>
    public static string[] Names => [.. All.Select(kind => kind.Name())];

    public static FailoverKind Parse(string name) => All.First(kind => kind.Name() == name);

    public static string Name(this FailoverKind kind) => kind switch
    {
        FailoverKind.Power => "power",
        FailoverKind.Hang => "hang",
        FailoverKind.BmcDead => "bmc-dead",
        FailoverKind.Partition => "partition",
        FailoverKind.AgentKill => "agent-kill",
        FailoverKind.LibvirtdKill => "libvirtd-kill",
        FailoverKind.Blip1s => "blip-1s",
        FailoverKind.Blip3s => "blip-3s",
    };

    /// <summary>How the host is lost; null when it is not.</summary>
    public static HostEnd? End(this FailoverKind kind) => kind switch
    {
        FailoverKind.Power => HostEnd.Power,
        FailoverKind.Hang => HostEnd.Hang,
        FailoverKind.BmcDead => HostEnd.PowerAndBmc,
        FailoverKind.Partition => HostEnd.Partition,
        FailoverKind.AgentKill or FailoverKind.LibvirtdKill or FailoverKind.Blip1s or FailoverKind.Blip3s => null,
    };

    /// <summary>Seconds until the last guest speaks that are to be reached with one guest in the profile balanced.</summary>
    public static double? Goal(this FailoverKind kind) => kind switch
    {
        FailoverKind.Power => 1.5,
        FailoverKind.Hang => 4,
        FailoverKind.BmcDead or FailoverKind.Partition => 13,
        FailoverKind.AgentKill or FailoverKind.LibvirtdKill or FailoverKind.Blip1s or FailoverKind.Blip3s => null,
    };

    /// <summary>The power proof is measured as figures of hosts without watchdogs always were; all else with leases in force.</summary>
    public static bool NeedsLease(this FailoverKind kind) => kind is not (FailoverKind.Power or FailoverKind.Hang);

    /// <summary>What the hosts are fenced with unless another method is asked for: the one that the goal speaks of.</summary>
    public static LabFence Fence(this FailoverKind kind) => kind == FailoverKind.Hang ? LabFence.Ipmi : LabFence.Instant;
}
