namespace Mainstay.Contracts.Beacon;

/// <summary>Why a datagram was not taken as a beacon.</summary>
public enum BeaconRefusal
{
    None,

    /// <summary>Cut short, too long, or no beacon at all.</summary>
    Malformed,

    /// <summary>Of a protocol version this build does not speak.</summary>
    OtherVersion,

    /// <summary>Of another cluster, or of this one before its key was changed.</summary>
    OtherCluster,

    /// <summary>It names this cluster, but the seal is wrong.</summary>
    Forged,
}
