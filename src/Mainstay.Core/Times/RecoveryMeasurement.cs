using Mainstay.Core.Model;

namespace Mainstay.Core.Times;

/// <summary>How long it took once until a guest ran.</summary>
/// <param name="Epoch">The epoch in which it was started: by it the journals tell when that was.</param>
/// <param name="Host">Where it was started.</param>
/// <param name="Revision">The store's revision of the ownership that was measured: the later one happened later, whoever measured.</param>
public sealed record RecoveryMeasurement(RecoveryKind Kind, Epoch Epoch, HostId Host, long Revision)
{
    /// <summary>The session that was lost; null unless it is a failover.</summary>
    public HostSession? Lost { get; init; }

    /// <summary>The kind of proof that let it go elsewhere (<see cref="Proof.Kind"/>); null unless it is a failover.</summary>
    public string? Proof { get; init; }

    public RecoveryParts Parts { get; init; } = RecoveryParts.None;

    /// <summary>Null when a part is not known.</summary>
    public TimeSpan? Whole => Parts.Whole(Kind);
}
