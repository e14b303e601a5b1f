namespace Mainstay.Core.Model;

/// <summary>What a guest needs on its host, read from its definition.</summary>
/// <param name="Vcpus">The most it may have; 0 when they are not counted.</param>
/// <param name="OverheadMiB">What its process takes besides the guest's memory.</param>
/// <param name="Pages">Huge pages, ordered by size; the guest's memory lies in them.</param>
/// <param name="Items">
/// Things that are there or are not, such as <c>bridge:br0</c>, ordered; <c>docs/reference/needs.md</c> lists the kinds.
/// </param>
public sealed record GuestNeeds(int Vcpus, long OverheadMiB, ValueList<PageNeed> Pages, ValueList<string> Items)
{
    /// <summary>More than any real definition names.</summary>
    public const int MostItems = 200;

    /// <summary>What it takes of the host's ordinary memory.</summary>
    /// <param name="memoryMiB">The guest's own memory.</param>
    /// <param name="needs">Null when nobody has read them.</param>
    public static long HostMemoryMiB(long memoryMiB, GuestNeeds? needs) =>
        needs is null ? memoryMiB : Math.Max(0, memoryMiB - needs.Pages.Sum(page => page.MiB)) + needs.OverheadMiB;
}

/// <summary>Memory in huge pages of one size.</summary>
public readonly record struct PageNeed(long SizeKiB, long MiB);
