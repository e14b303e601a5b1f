using Mainstay.Core.Model;

namespace Mainstay.Core.Times;

/// <summary>
/// What is known of the time that a group has been on its way to its next owner. It stands in the ownership record, so it survives every
/// agent that added to it, and is gone as soon as the group was seen running.
/// </summary>
public sealed record RecoverySoFar(RecoveryKind Kind)
{
    /// <summary>The session that was lost; null unless it is a failover.</summary>
    public HostSession? Lost { get; init; }

    /// <summary>The kind of proof that let it go elsewhere (<see cref="Proof.Kind"/>); null unless it is a failover.</summary>
    public string? Proof { get; init; }

    public RecoveryParts Parts { get; init; } = RecoveryParts.None;
}
