namespace Mainstay.Core.Placement.Packing;

/// <summary>
/// Groups that can only be placed all at once: those that wait for a place and must share a host. Most lots are of one group.
/// </summary>
internal static class Lots
{
    /// <summary>Each lot with its largest group first; lots in the order of their first group in <paramref name="waiting"/>.</summary>
    public static List<int[]> Of(PackingWorld world, IReadOnlyList<int> waiting)
    {
        var leader = new int[world.Groups.Length];
        Array.Fill(leader, -1);
        foreach (var group in waiting)
            leader[group] = group;
        foreach (var rule in world.Rules)
        {
            if (rule is not { Kind: RuleKind.Together, Level: null, Must: true })
                continue;
            var joined = rule.Members.Where(member => leader[member] >= 0).ToArray();
            for (var i = 1; i < joined.Length; i++)
                leader[Find(leader, joined[i])] = Find(leader, joined[0]);
        }

        return
        [
            .. waiting.GroupBy(group => Find(leader, group))
                .Select(lot => lot.OrderByDescending(group => world.Sizes[group]).ThenBy(group => group).ToArray()),
        ];
    }

    private static int Find(int[] leader, int group)
    {
        while (leader[group] != group)
            group = leader[group];
        return group;
    }
}
