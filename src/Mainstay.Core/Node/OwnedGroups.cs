using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Node;

/// <summary>
/// The groups that have both a specification and an owner record, with both, ordered by name. Both tables are gone through side by side: of
/// a hundred thousand groups none is looked up.
/// </summary>
internal static class OwnedGroups
{
    public static IEnumerable<(GroupId Group, GroupSpec Spec, OwnershipRecord Own)> Of(ClusterView view)
    {
        using var specs = view.Groups.GetEnumerator();
        using var owns = view.Ownerships.GetEnumerator();
        var more = specs.MoveNext() && owns.MoveNext();
        while (more)
        {
            var order = specs.Current.Key.CompareTo(owns.Current.Key);
            if (order == 0)
                yield return (specs.Current.Key, specs.Current.Value.Value, owns.Current.Value.Value);
            more = (order > 0 || specs.MoveNext()) && (order < 0 || owns.MoveNext());
        }
    }
}
