namespace Mainstay.Store.Etcd;

/// <summary>The closed outcome of a step that changes a member or the membership.</summary>
public abstract record EtcdOutcome
{
    private EtcdOutcome()
    {
    }

    public sealed record Done : EtcdOutcome;

    /// <summary>It was not done; says why and what would mend it.</summary>
    public sealed record Refused(string Why) : EtcdOutcome;

    /// <summary>It may or may not have been done. Every step may be asked for again.</summary>
    public sealed record Unknown(string Why) : EtcdOutcome;
}
