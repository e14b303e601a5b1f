namespace Mainstay.Lab;

/// <summary>The two ways in which lab hosts are fenced.</summary>
public enum LabFence
{
    /// <summary>fence_ipmilan against the host's simulated BMC, as on real machines.</summary>
    Ipmi,

    /// <summary>fence_lab, a power switch that answers within milliseconds: shows Mainstay's own time.</summary>
    Instant,
}
