using System.Threading.Channels;

namespace Mainstay.Lab.Control;

/// <summary>Does one thing after the other: the owner of one piece of state. Others send it work and wait for the outcome.</summary>
internal sealed class SerialQueue : IAsyncDisposable
{
    private readonly Channel<Func<Task>> work = Channel.CreateBounded<Func<Task>>(256);
    private readonly Task loop;

    public SerialQueue() => loop = Task.Run(Loop);

    public Task Do(Func<Task> action) => Do(async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    });

    public async Task<T> Do<T>(Func<Task<T>> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await work.Writer.WriteAsync(async () =>
        {
            // However it ended is the asker's business; the queue goes on.
            var doing = action();
            await ((Task)doing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            done.SetFromTask(doing);
        }).ConfigureAwait(false);
        return await done.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        work.Writer.TryComplete();
        await loop.ConfigureAwait(false);
    }

    private async Task Loop()
    {
        await foreach (var next in work.Reader.ReadAllAsync().ConfigureAwait(false))
            await next().ConfigureAwait(false);
    }
}
