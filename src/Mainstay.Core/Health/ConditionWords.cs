namespace Mainstay.Core.Health;

/// <summary>The stable words of conditions in facts, scenarios and the API.</summary>
public static class ConditionWords
{
    public static string Of(HostCondition condition) => condition switch
    {
        HostCondition.Healthy => "healthy",
        HostCondition.AgentHung => "agent-hung",
        HostCondition.BeaconDead => "beacon-dead",
        HostCondition.HypervisorSilent => "libvirtd-silent",
        HostCondition.NetworkDown => "network-down",
        HostCondition.HeardOneWay => "heard-one-way",
        HostCondition.StorageLost => "storage-lost",
        HostCondition.StorageLostEverywhere => "storage-lost-everywhere",
        HostCondition.Gray => "gray",
        HostCondition.Silent => "silent",
        HostCondition.Dead => "dead",
        HostCondition.Away => "away",
    };
}
