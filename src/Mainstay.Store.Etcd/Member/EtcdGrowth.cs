namespace Mainstay.Store.Etcd;

/// <summary>
/// How many members vote, and the next step towards it.
/// <para>
/// One or two hosts: one voter. With two voters the loss of either host stops the store; with one voter only the loss of that one does, so
/// the second vote would only add a way to fail. The second host runs a learner: a copy of the facts that costs no availability and is
/// in sync when the third host comes. Three or four hosts: three voters (a fourth would raise the majority without surviving
/// more losses). Five and more: five voters.
/// </para>
/// <para>
/// etcd 3.4 takes one learner at a time, so 1 → 3 passes through two voters. That window opens only when a third host is there, and
/// is as short as starting one member.
/// </para>
/// </summary>
public static class EtcdGrowth
{
    public static int VotersFor(int hosts) => hosts switch
    {
        <= 2 => 1,
        <= 4 => 3,
        _ => 5,
    };

    /// <summary>The next step, one at a time; null when the membership is as it should be.</summary>
    /// <param name="hosts">Hosts of the cluster that are alive, in the order in which they shall get a vote.</param>
    /// <param name="cluster">
    /// All hosts of the cluster, alive or not. After a restore of the store nobody is known to live for a moment, and etcd lists its
    /// members one by one while it begins: neither takes votes away.
    /// </param>
    /// <param name="departed">Names of members whose hosts have left the cluster for good.</param>
    /// <param name="lost">
    /// Names of members whose hosts are alive and have nothing of them: the machine was installed anew before its old member was taken out.
    /// Such a member never answers again, and its host begins another in its place.
    /// </param>
    /// <param name="members">etcd's member list. A learner that was added and has not started yet is waited for.</param>
    public static EtcdGrowthStep? Next(
        IReadOnlyList<string> hosts,
        IReadOnlyList<string> cluster,
        IReadOnlyList<string> departed,
        IReadOnlyList<string> lost,
        IReadOnlyList<EtcdMemberInfo> members)
    {
        var gone = members.FirstOrDefault(member => departed.Contains(member.Name));
        if (gone is not null)
            return new EtcdGrowthStep.Remove(gone.Name);
        var empty = members.FirstOrDefault(member => lost.Contains(member.Name));
        if (empty is not null && members.Any(other => other.Name != empty.Name && !other.IsLearner))
            return new EtcdGrowthStep.AddLearner(empty.Name);

        // Dead hosts count as long as they belong to the cluster: a vote is not moved because a host is down.
        var all = hosts.Union(cluster.Except(departed)).Union(members.Where(member => member.HasStarted).Select(member => member.Name));
        var target = VotersFor(all.Count());
        var voters = members.Where(member => !member.IsLearner).ToArray();
        var learner = members.FirstOrDefault(member => member.IsLearner);
        var newcomer = hosts.FirstOrDefault(host => members.All(member => member.Name != host));

        if (voters.Length > target)
            return new EtcdGrowthStep.Remove(voters.OrderBy(voter => Rank(hosts, voter.Name)).Last().Name);
        if (voters.Length == target)
            return target == 1 && learner is null && newcomer is not null ? new EtcdGrowthStep.AddLearner(newcomer) : null;
        if (learner is not null)
        {
            // From an odd to an even number only when the host for the next vote is there too.
            var worthIt = voters.Length % 2 == 0 || hosts.Count >= voters.Length + 2;
            return worthIt && hosts.Contains(learner.Name) ? new EtcdGrowthStep.Promote(learner.Name) : null;
        }
        return newcomer is null ? null : new EtcdGrowthStep.AddLearner(newcomer);
    }

    /// <summary>Hosts that are not alive rank behind all others: their vote is the first to go.</summary>
    private static int Rank(IReadOnlyList<string> hosts, string name)
    {
        for (var i = 0; i < hosts.Count; i++)
            if (hosts[i] == name)
                return i;
        return int.MaxValue;
    }
}
