namespace Mainstay.Store.Etcd;

/// <summary>One change of the membership.</summary>
public abstract record EtcdGrowthStep
{
    private EtcdGrowthStep(string host) => Host = host;

    public string Host { get; }

    /// <summary>The host starts a member that listens without a vote, in place of one whose data are lost if there is such.</summary>
    public sealed record AddLearner(string Joining) : EtcdGrowthStep(Joining);

    /// <summary>The host's learner gets a vote.</summary>
    public sealed record Promote(string Learning) : EtcdGrowthStep(Learning);

    /// <summary>The host's member is taken out.</summary>
    public sealed record Remove(string Leaving) : EtcdGrowthStep(Leaving);
}
