using Mainstay.Core.Placement.Packing;

namespace Mainstay.Core.Tests.Placement;

/// <summary>Tries every host for every group, and knows nothing of orders, bounds or increments.</summary>
internal sealed class DumbPacker(PackingWorld world)
{
    private readonly int?[] at = [.. world.Groups.Select(group => group.At)];
    private int[]? fewest;

    /// <summary>How many find no place, per tier, in the best arrangement.</summary>
    public int[] Missing()
    {
        Try([.. Enumerable.Range(0, world.Groups.Length).Where(group => at[group] is null)]);
        return fewest!;
    }

    private void Try(ReadOnlySpan<int> waiting)
    {
        if (waiting.IsEmpty)
        {
            var missing = new int[5];
            for (var group = 0; group < at.Length; group++)
                missing[world.Groups[group].Tier] += at[group] is null ? 1 : 0;
            if (fewest is null || missing.AsSpan().SequenceCompareTo(fewest) < 0)
                fewest = missing;
            return;
        }

        for (var host = 0; host < world.Hosts.Length; host++)
        {
            if (!world.Groups[waiting[0]].Allowed.Contains(host) || !HasRoom(waiting[0], host) || !Obeys(waiting[0], host))
                continue;
            at[waiting[0]] = host;
            Try(waiting[1..]);
            at[waiting[0]] = null;
        }

        Try(waiting[1..]);
    }

    private bool HasRoom(int group, int host) => Enumerable.Range(0, world.Dimensions.Length).All(d =>
        world.Groups.Where((other, i) => at[i] == host || i == group).Sum(other => other.Needs[d]) <= world.Hosts[host].Room[d]);

    private bool Obeys(int group, int host) => world.Rules.Where(rule => rule.Members.Contains(group)).All(rule =>
    {
        var place = world.PlaceOf(rule, host);
        var others = rule.Members.Where(member => member != group && at[member] is not null).ToArray();
        var beside = others.Count(member => world.PlaceOf(rule, at[member]!.Value) == place);
        return rule.Kind == RuleKind.Apart ? beside < rule.Limit : others.Length == 0 || beside > 0;
    });
}
