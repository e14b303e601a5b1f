namespace Mainstay.Store.Etcd.Client;

/// <summary>What one request to one endpoint came to.</summary>
internal abstract record Attempt<T>
{
    private Attempt()
    {
    }

    public sealed record Answered(T Value) : Attempt<T>;

    public sealed record Failed(Failure Kind, string Why) : Attempt<T>;
}

/// <summary>What a failed request says about endpoint and request.</summary>
internal enum Failure
{
    /// <summary>Nothing of the request left this host, or etcd turned it away before looking at it.</summary>
    NotSent,

    /// <summary>The election of a new etcd leader ended the request; reads may be repeated at once.</summary>
    LeaderChanged,

    /// <summary>No answer within the limit.</summary>
    TimedOut,

    /// <summary>The connection broke or the endpoint is going down.</summary>
    Lost,

    /// <summary>etcd answered and said no.</summary>
    Refused,

    /// <summary>etcd answered that the revision is gone.</summary>
    Compacted,
}
