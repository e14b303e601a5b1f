using Mainstay.Store.Etcd;
using Xunit;

namespace Mainstay.Contract.Tests.Store;

/// <summary>The growth policy, followed step by step from one host to five and back.</summary>
public sealed class EtcdGrowthTests
{
    [Theory]
    [InlineData(1, "1+0")]
    [InlineData(2, "1+1")]
    [InlineData(3, "3+0")]
    [InlineData(4, "3+0")]
    [InlineData(5, "5+0")]
    [InlineData(9, "5+0")]
    public void A_growing_cluster_reaches_its_shape(int hosts, string shape)
    {
        List<EtcdMemberInfo> members = [Member("h1")];
        for (var count = 1; count <= hosts; count++)
            Settle(members, Hosts(count), []);
        Assert.Equal(shape, Shape(members));
    }

    [Fact]
    public void A_learner_gets_no_second_vote_while_the_third_host_is_down()
    {
        EtcdMemberInfo[] members = [Member("h1"), Member("h2", learner: true)];
        Assert.Null(EtcdGrowth.Next(["h1", "h2"], ["h1", "h2", "h3"], [], [], members));
        Assert.Equal(new EtcdGrowthStep.Promote("h2"), EtcdGrowth.Next(["h1", "h2", "h3"], ["h1", "h2", "h3"], [], [], members));
    }

    [Fact]
    public void A_host_that_is_down_keeps_its_vote_and_one_that_left_loses_it()
    {
        EtcdMemberInfo[] members = [Member("h1"), Member("h2"), Member("h3")];
        Assert.Null(EtcdGrowth.Next(["h1", "h2"], ["h1", "h2", "h3"], [], [], members));
        Assert.Equal(new EtcdGrowthStep.Remove("h3"), EtcdGrowth.Next(["h1", "h2"], ["h1", "h2"], ["h3"], [], members));
        Assert.Equal(new EtcdGrowthStep.Remove("h2"), EtcdGrowth.Next(["h1", "h2"], ["h1", "h2"], ["h3"], [], members[..2]));
    }

    [Fact]
    public void No_vote_is_taken_away_because_nobody_is_known_to_live_yet()
    {
        EtcdMemberInfo[] begun = [Member("h1"), Member("h2")];
        Assert.Null(EtcdGrowth.Next([], ["h1", "h2", "h3"], [], [], begun));
        Assert.Null(EtcdGrowth.Next(["h1"], ["h1", "h2", "h3"], [], [], begun));
    }

    [Fact]
    public void A_vote_of_a_departed_host_goes_to_another_host()
    {
        List<EtcdMemberInfo> members = [Member("h1"), Member("h2"), Member("h3")];
        Settle(members, ["h1", "h2", "h4"], ["h3"]);
        Assert.Equal(["h1", "h2", "h4"], members.Where(m => !m.IsLearner).Select(m => m.Name));
    }

    [Fact]
    public void A_host_installed_anew_gets_a_new_member_for_its_old_one_unless_that_was_the_only_vote()
    {
        EtcdMemberInfo[] members = [Member("h1"), Member("h2"), Member("h3")];
        Assert.Equal(new EtcdGrowthStep.AddLearner("h3"), EtcdGrowth.Next(Hosts(3), Hosts(3), [], ["h3"], members));
        Assert.Null(EtcdGrowth.Next(Hosts(1), Hosts(1), [], ["h1"], members[..1]));
    }

    private static void Settle(List<EtcdMemberInfo> members, string[] hosts, string[] departed)
    {
        for (var steps = 0; EtcdGrowth.Next(hosts, hosts, departed, [], members) is { } step; steps++)
        {
            Assert.True(steps < 20, "the policy does not settle");
            members.RemoveAll(member => member.Name == step.Host);
            if (step is not EtcdGrowthStep.Remove)
                members.Add(Member(step.Host, step is EtcdGrowthStep.AddLearner));
            Assert.True(members.Count(member => member.IsLearner) <= 1);
        }
    }

    private static string[] Hosts(int count) => [.. Enumerable.Range(1, count).Select(i => $"h{i}")];

    private static string Shape(List<EtcdMemberInfo> members) =>
        $"{members.Count(member => !member.IsLearner)}+{members.Count(member => member.IsLearner)}";

    private static EtcdMemberInfo Member(string name, bool learner = false) => new(1, name, [], [], learner);
}
