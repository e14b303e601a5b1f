using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Placement.Needs;

/// <summary>Something that hosts are to look for.</summary>
/// <param name="Item">Its name, such as <c>bridge:br0</c>.</param>
/// <param name="Detail">What the name does not say: the processor's definition for <c>cpu:</c>; empty for all others.</param>
public readonly record struct NeededItem(string Item, string Detail)
{
    /// <summary>All that the protected guests need, ordered.</summary>
    public static ValueList<NeededItem> Of(ClusterView view)
    {
        var items = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, spec) in view.Groups)
        {
            foreach (var item in spec.Value.Needs?.Items ?? [])
            {
                if (!items.ContainsKey(item))
                    items[item] = item.StartsWith("cpu:", StringComparison.Ordinal) ? NeedsReader.Cpu(spec.Value.Definition) : "";
            }
        }

        return items.Take(HostOffer.MostItems).Select(item => new NeededItem(item.Key, item.Value)).ToValueList();
    }
}
