using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>How many groups have no place, tier by tier.</summary>
internal readonly struct TierCounts
{
    private readonly int[] counts;

    public TierCounts() => counts = new int[GroupSpec.LastTier + 1];

    private TierCounts(int[] counts) => this.counts = counts;

    public void Add(int tier, int count) => counts[Math.Clamp(tier, 0, GroupSpec.LastTier)] += count;

    /// <summary>Below zero: fewer in the first tier in which they differ.</summary>
    public int CompareTo(TierCounts other) => counts.AsSpan().SequenceCompareTo(other.counts);

    public TierCounts Copy() => new([.. counts]);
}
