namespace Mainstay.Store.Etcd;

/// <summary>What the supervision of the local member tells.</summary>
public abstract record EtcdMemberNews
{
    private EtcdMemberNews()
    {
    }

    /// <summary>It ran already when the supervision began, started by this agent or by an earlier one.</summary>
    public sealed record Adopted(int Pid) : EtcdMemberNews;

    public sealed record Started(int Pid) : EtcdMemberNews;

    /// <summary>It ended without being asked to; the last line of its log is given.</summary>
    public sealed record Died(string Why) : EtcdMemberNews;

    /// <summary>It could not be started again; tried anew after a pause.</summary>
    public sealed record NotStarted(string Why) : EtcdMemberNews;
}
