namespace Mainstay.Core.Model;

/// <summary>What a guest needs on its host besides memory, read once from its definition.</summary>
/// <param name="Vcpus">The most it may have; 0 when the definition does not say.</param>
/// <param name="Pages">Huge pages, ordered by size.</param>
/// <param name="Items">
/// Things that are there or are not, such as <c>bridge:br0</c>, ordered; <c>docs/reference/needs.md</c> lists the kinds.
/// </param>
public sealed record GuestNeeds(int Vcpus, ValueList<PageNeed> Pages, ValueList<string> Items)
{
    /// <summary>More than any real definition names.</summary>
    public const int MostItems = 200;

    public static readonly GuestNeeds None = new(0, [], []);
}

/// <summary>Memory in huge pages of one size.</summary>
public readonly record struct PageNeed(long SizeKiB, long MiB);
