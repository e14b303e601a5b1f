namespace Mainstay.Core.Health;

/// <summary>What is wrong with a host, as far as one observer can tell.</summary>
public enum HostCondition
{
    Healthy,

    /// <summary>Its beacon is heard and says that its agent stands still, or is not there.</summary>
    AgentHung,

    /// <summary>No beacon, but its kernel answers.</summary>
    BeaconDead,

    /// <summary>libvirtd does not answer its agent.</summary>
    HypervisorSilent,

    /// <summary>Heard over one network and not over another.</summary>
    NetworkDown,

    /// <summary>Beacons pass in one direction only, or only between some of the hosts.</summary>
    HeardOneWay,

    /// <summary>Its disks do not answer; those of others do.</summary>
    StorageLost,

    /// <summary>The disks of all hosts do not answer.</summary>
    StorageLostEverywhere,

    /// <summary>It lives and is not well: quarantined.</summary>
    Gray,

    /// <summary>Nobody hears it.</summary>
    Silent,

    /// <summary>Proved dead.</summary>
    Dead,

    /// <summary>It left in order, or has not joined.</summary>
    Away,
}

/// <summary>The finding, what it rests on, and what the cluster does about it ("nothing: …" is an answer too).</summary>
public sealed record HostDiagnosis(HostCondition Condition, string Evidence, string Follows);
