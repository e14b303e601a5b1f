namespace Mainstay.Core.Times;

/// <summary>The parts of the time until a guest runs, in their order.</summary>
public enum RecoveryPart
{
    /// <summary>From the last sign of life of the host to the suspicion.</summary>
    Detect,

    /// <summary>From the suspicion to the proof in the store.</summary>
    Prove,

    /// <summary>For a move: from the wish to the guest being stopped.</summary>
    Stop,

    /// <summary>From the proof, or from the moment it could be placed, to the last assignment.</summary>
    Place,

    /// <summary>From the assignment, as its new owner saw it, to the running process.</summary>
    Start,

    /// <summary>From the running process to a guest that answers.</summary>
    Ready,
}
