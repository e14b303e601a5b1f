using System.Collections.Concurrent;
using Mainstay.Hypervisor.Libvirt.Native;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// A fixed number of threads, each with a connection of its own that is opened ahead of need. libvirt's calls block for as long as
/// the daemon hangs; here they block these threads only, while the caller gets its answer within its limit (C9).
/// </summary>
internal sealed class LibvirtLanes : IAsyncDisposable
{
    private const int QueueLimit = 4096;
    private const int StackBytes = 512 * 1024;
    /// <summary>Between two looks at a connection that nobody uses; a call looks by itself. Each wait begins with some spinning.</summary>
    private static readonly TimeSpan IdleCheck = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly BlockingCollection<LaneCall> queue = new(QueueLimit);
    private readonly LibvirtOptions options;
    private readonly bool warmUp;
    private readonly Task[] ended;

    internal LibvirtLanes(LibvirtOptions options, string name, int count, bool warmUp)
    {
        this.options = options;
        this.warmUp = warmUp;
        ended = new Task[count];
        for (var i = 0; i < count; i++)
        {
            var end = new TaskCompletionSource();
            ended[i] = end.Task;
            new Thread(() => Serve(end), StackBytes) { IsBackground = true, Name = $"libvirt-{name}-{i}" }.Start();
        }
    }

    /// <summary>Cancelling stops waiting; a call that has begun goes on (C11).</summary>
    internal async Task<LaneAnswer<T>> Ask<T>(Func<LibvirtConnection, T> work, TimeSpan limit, CancellationToken cancel)
    {
        var call = new LaneCall<T>(work);
        if (queue.IsAddingCompleted || !queue.TryAdd(call))
            return new LaneAnswer<T>.NotBegun("too many calls wait for libvirt");
        try
        {
            return await call.Answer.WaitAsync(limit, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return call.TryAbandon()
                ? new LaneAnswer<T>.NotBegun($"libvirt did not take the call within {limit.TotalSeconds:0.#} s")
                : new LaneAnswer<T>.Lost($"libvirt did not answer within {limit.TotalSeconds:0.#} s");
        }
        catch (OperationCanceledException)
        {
            call.TryAbandon();
            throw;
        }
    }

    /// <summary>Threads inside a call that hangs are left to end with the process.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        await Task.WhenAny(Task.WhenAll(ended), Task.Delay(options.CallLimit)).ConfigureAwait(false);
    }

    private void Serve(TaskCompletionSource end)
    {
        LibvirtConnection? connection = null;
        while (!queue.IsCompleted)
        {
            var taken = queue.TryTake(out var call, connection is null ? TimeSpan.Zero : IdleCheck);
            var why = Connect(ref connection);
            if (call is null)
            {
                if (why is not null && queue.TryTake(out call, Retry))
                    why = Connect(ref connection);
            }

            if (call is null)
                continue;
            if (connection is null)
                call.CannotBegin(why ?? "libvirt is not connected");
            else if (call.TryBegin())
                call.Run(connection);
        }

        connection?.Dispose();
        end.SetResult();
    }

    /// <summary>Opens the connection where there is none that stands; returns why it cannot.</summary>
    private string? Connect(ref LibvirtConnection? connection)
    {
        if (connection is { IsAlive: true })
            return null;
        connection?.Dispose();
        connection = null;
        try
        {
            connection = LibvirtConnection.Open(options, watches: false);
            if (warmUp)
                connection.WarmUp();
            return null;
        }
        catch (LibvirtException failure)
        {
            return failure.Message;
        }
    }
}
