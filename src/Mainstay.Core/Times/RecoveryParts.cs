namespace Mainstay.Core.Times;

/// <summary>
/// How long each part took; null for what nobody measured. Each part is measured on the monotonic clock of one host, so no two clocks are
/// ever subtracted from each other (C4). What lies between two hosts, the way of a record through the store, is in none.
/// </summary>
public sealed record RecoveryParts
{
    public static readonly RecoveryParts None = new();

    public TimeSpan? Detect { get; init; }

    public TimeSpan? Prove { get; init; }

    public TimeSpan? Stop { get; init; }

    public TimeSpan? Place { get; init; }

    public TimeSpan? Start { get; init; }

    public TimeSpan? Ready { get; init; }

    public TimeSpan? Of(RecoveryPart part) => part switch
    {
        RecoveryPart.Detect => Detect,
        RecoveryPart.Prove => Prove,
        RecoveryPart.Stop => Stop,
        RecoveryPart.Place => Place,
        RecoveryPart.Start => Start,
        RecoveryPart.Ready => Ready,
    };

    /// <summary>The sum of all parts that such a recovery has; null when one of them is not known. A guest that is not asked whether it
    /// answers is back when its process runs.</summary>
    public TimeSpan? Whole(RecoveryKind kind) => kind switch
    {
        RecoveryKind.Start => Place + Start,
        RecoveryKind.Failover => Detect + Prove + Place + Start,
        RecoveryKind.Move => Stop + Place + Start,
        RecoveryKind.Restart => Start,
    } + (Ready ?? TimeSpan.Zero);
}
