namespace Mainstay.Agent.Member;

/// <summary>What became of a call to another agent.</summary>
internal abstract record PeerAnswer<T>
{
    private PeerAnswer()
    {
    }

    public sealed record Answered(T Value) : PeerAnswer<T>;

    /// <summary>It answered and said no.</summary>
    public sealed record Refused(string Why) : PeerAnswer<T>;

    /// <summary>Its kernel refused the connection: the host lives, no agent listens.</summary>
    public sealed record NotRunning : PeerAnswer<T>;

    /// <summary>No answer within the limit: stopped, hung or cut off.</summary>
    public sealed record Silent(string Why) : PeerAnswer<T>;
}
