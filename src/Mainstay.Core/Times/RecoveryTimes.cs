using Mainstay.Core.Model;

namespace Mainstay.Core.Times;

/// <summary>
/// The last recoveries of one group, oldest first. Written by the owner together with the word that it runs. Nothing is decided by it, and
/// it goes with the group's release.
/// </summary>
public sealed record RecoveryTimes(ValueList<RecoveryMeasurement> Last) : StoreValue
{
    /// <summary>So many are kept.</summary>
    public const int Kept = 20;

    public static readonly RecoveryTimes None = new([]);

    public RecoveryTimes With(RecoveryMeasurement measured) => new(Last.Add(measured).TakeLast(Kept).ToValueList());

    /// <summary>With the last one known better.</summary>
    public RecoveryTimes WithLast(RecoveryMeasurement measured) => new(Last.SkipLast(1).Append(measured).ToValueList());
}
