using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Needs;

/// <summary>Whether a host has what a guest needs. What nobody found out forbids nothing: a known absence does.</summary>
public static class Fitness
{
    /// <summary>Every need that the host is known not to meet; empty when none is known.</summary>
    public static ValueList<string> Objections(GuestNeeds? needs, HostOffer? offer)
    {
        if (needs is null || offer is null || needs.Items.IsEmpty)
            return [];
        return (from item in needs.Items
                from lack in offer.Lacks
                where lack.Item == item
                select $"{Named(item)}: {lack.Why}").ToValueList();
    }

    /// <summary>Needs of which it is not known whether the host meets them.</summary>
    public static ValueList<string> Unknown(GuestNeeds? needs, HostOffer? offer) => needs is null
        ? []
        : needs.Items.Where(item => offer is null || (!offer.Has.Contains(item) && offer.Lacks.All(lack => lack.Item != item)))
            .Select(Named).ToValueList();

    /// <summary><c>bridge:br0</c> as <c>bridge br0</c>.</summary>
    private static string Named(string item) =>
        item.IndexOf(':', StringComparison.Ordinal) is var split and > 0 ? $"{item[..split]} {item[(split + 1)..]}" : item;
}
