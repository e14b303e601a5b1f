using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>The orders in which lots are tried, the most promising first. Tiers always come before sizes.</summary>
internal static class PackingOrder
{
    /// <summary>Orders that are not drawn.</summary>
    public const int Variants = 4;

    private const int LargestSpread = 0;
    private const int LargestTight = 1;
    private const int SmallestTight = 2;
    private const int NarrowestTight = 3;

    public static bool IsTight(int variant) => variant != LargestSpread;

    public static List<int[]> Of(PackingWorld world, List<int[]> lots, int variant)
    {
        var draws = new SeededRandom((ulong)variant);
        double Key(int[] lot) => variant switch
        {
            LargestSpread or LargestTight => -lot.Sum(group => world.Sizes[group]),
            SmallestTight => lot.Sum(group => world.Sizes[group]),
            NarrowestTight => lot.Min(group => world.Groups[group].Allowed.Count),
            _ => draws.NextDouble(),
        };
        return [.. lots.OrderBy(lot => lot.Min(group => world.Groups[group].Tier)).ThenBy(Key)];
    }
}
