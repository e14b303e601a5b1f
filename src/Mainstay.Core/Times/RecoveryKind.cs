namespace Mainstay.Core.Times;

/// <summary>Why a guest was started.</summary>
public enum RecoveryKind
{
    /// <summary>It was to run and ran nowhere: started by a person, or after its host had been shut down in order.</summary>
    Start,

    /// <summary>Its owner was proved dead, or cut off from its disks.</summary>
    Failover,

    /// <summary>It was stopped on one host to be started on another.</summary>
    Move,

    /// <summary>It failed and was started again where it was.</summary>
    Restart,
}
