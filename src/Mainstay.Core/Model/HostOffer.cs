namespace Mainstay.Core.Model;

/// <summary>
/// What a host has of all that the protected guests need, as its agent found it. What is in neither list was not found out, and forbids
/// nothing.
/// </summary>
/// <param name="Cpus">Processors for guests; 0 when not known.</param>
/// <param name="Pages">Huge pages, ordered by size; empty when there are none or nobody knows.</param>
/// <param name="Has">Items that are there, ordered.</param>
/// <param name="Lacks">Items that are not, ordered.</param>
public sealed record HostOffer(
    SessionId Session, int Cpus, ValueList<PageOffer> Pages, ValueList<string> Has, ValueList<MissingItem> Lacks) : StoreValue
{
    /// <summary>Only so many items of a cluster are looked for; what is beyond is not known anywhere.</summary>
    public const int MostItems = 1_000;
}

/// <summary>Huge pages of one size.</summary>
/// <param name="TotalMiB">All of them.</param>
/// <param name="UsedMiB">Taken by others than protected guests.</param>
public readonly record struct PageOffer(long SizeKiB, long TotalMiB, long UsedMiB);

/// <summary>Something a guest needs and a host has not.</summary>
public readonly record struct MissingItem(string Item, string Why);
