namespace Mainstay.Hypervisor.Libvirt;

/// <summary>What became of a call on a lane.</summary>
internal abstract record LaneAnswer<T>
{
    private LaneAnswer()
    {
    }

    internal sealed record Answered(T Value) : LaneAnswer<T>;

    /// <summary>The daemon said no, over a connection that still stands.</summary>
    internal sealed record Refused(string Why) : LaneAnswer<T>;

    /// <summary>Never sent, and never will be.</summary>
    internal sealed record NotBegun(string Why) : LaneAnswer<T>;

    /// <summary>Under way when the connection broke or the limit passed: it may still happen.</summary>
    internal sealed record Lost(string Why) : LaneAnswer<T>;
}
