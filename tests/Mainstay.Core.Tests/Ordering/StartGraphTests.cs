using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;

namespace Mainstay.Core.Tests.Ordering;

/// <summary>What follows from dependencies, against an answer by plain recursion.</summary>
public sealed class StartGraphTests
{
    private const int Graphs = 500;

    [Fact]
    public void A_group_is_as_important_as_the_most_important_that_waits_for_it()
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var groups = Groups.Random(seed, 12);
            var graph = new StartGraph(groups, lifts: true);
            foreach (var group in groups.Keys)
                Assert.Equal(TierOf(groups, group), graph.TierOf(group));
        }
    }

    [Fact]
    public void A_group_comes_after_all_that_it_waits_for()
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var groups = Groups.Random(seed, 12);
            var graph = new StartGraph(groups, lifts: true);
            foreach (var (group, spec) in groups)
            {
                Assert.All(spec.Value.Order.After, edge => Assert.True(graph.DepthOf(edge.On) < graph.DepthOf(group)));
                Assert.All(spec.Value.Order.After, edge => Assert.True(graph.TierOf(edge.On) <= graph.TierOf(group)));
                Assert.All(graph.DependentsOf(group), by => Assert.Contains(by.Edge, groups[by.By].Value.Order.After));
            }
        }
    }

    [Fact]
    public void An_edge_would_close_a_circle_exactly_when_there_is_a_way_back()
    {
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var groups = Groups.Random(seed, 8);
            foreach (var (from, to) in groups.Keys.SelectMany(from => groups.Keys.Select(to => (from, to))))
            {
                var path = StartGraph.Path(groups, from, to);
                Assert.Equal(StartGraph.Reach(groups, from).Contains(to), !path.IsEmpty);
                for (var i = 1; i < path.Length; i++)
                    Assert.Contains(groups[path[i - 1]].Value.Order.After, edge => edge.On == path[i]);
            }
        }
    }

    [Fact]
    public void A_circle_that_cannot_be_set_still_ends()
    {
        var groups = Groups.Of(("a", 3, ["b"]), ("b", 2, ["c"]), ("c", 4, ["a"]), ("d", 1, ["gone", "d"]));

        var graph = new StartGraph(groups, lifts: true);

        Assert.All((string[])["a", "b", "c"], name => Assert.Equal(2, graph.TierOf(new GroupId(name))));
        Assert.Equal(["a", "b", "c"], StartGraph.Path(groups, new GroupId("a"), new GroupId("c")).Select(group => group.Name));
    }

    private static int TierOf(ImmutableSortedDictionary<GroupId, Stored<GroupSpec>> groups, GroupId group) => groups
        .Where(other => other.Value.Value.Order.After.Any(edge => edge.On == group)).Select(other => TierOf(groups, other.Key))
        .Append(groups[group].Value.Tier).Min();
}
