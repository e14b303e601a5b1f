using Mainstay.Hypervisor.Libvirt.Native;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>One call that waits for a lane. Whoever is first, the lane that begins it or the caller that gives up, decides.</summary>
internal abstract class LaneCall
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Abandoned = 2;
    private int phase;

    internal bool TryBegin() => Interlocked.CompareExchange(ref phase, Begun, Waiting) == Waiting;

    /// <summary>True when the call had not begun, so that it never will.</summary>
    internal bool TryAbandon() => Interlocked.CompareExchange(ref phase, Abandoned, Waiting) == Waiting;

    internal abstract void Run(LibvirtConnection connection);

    internal abstract void CannotBegin(string why);
}

/// <summary>A call with its answer.</summary>
internal sealed class LaneCall<T>(Func<LibvirtConnection, T> work) : LaneCall
{
    private readonly TaskCompletionSource<LaneAnswer<T>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<LaneAnswer<T>> Answer => answer.Task;

    internal override void Run(LibvirtConnection connection)
    {
        try
        {
            answer.TrySetResult(new LaneAnswer<T>.Answered(work(connection)));
        }
        catch (LibvirtException failure)
        {
            answer.TrySetResult(connection.IsAlive
                ? new LaneAnswer<T>.Refused(failure.Message)
                : new LaneAnswer<T>.Lost(failure.Message));
        }
    }

    internal override void CannotBegin(string why)
    {
        if (TryAbandon())
            answer.TrySetResult(new LaneAnswer<T>.NotBegun(why));
    }
}
