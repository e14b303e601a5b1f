using System.Runtime.CompilerServices;

namespace Mainstay.Agent.Api;

/// <summary>Adds signs of life to a stream that may be quiet.</summary>
internal static class Pulse
{
    /// <summary>The items, and a null at the beginning and whenever nothing came for a while.</summary>
    public static async IAsyncEnumerable<T?> With<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> items, TimeSpan every, [EnumeratorCancellation] CancellationToken cancel)
        where T : class
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var source = items(end.Token).GetAsyncEnumerator(end.Token);
        var next = Task.FromResult(false);
        try
        {
            yield return null;
            while (true)
            {
                next = source.MoveNextAsync().AsTask();
                while (await Task.WhenAny(next, Task.Delay(every, cancel)).ConfigureAwait(false) != next)
                {
                    cancel.ThrowIfCancellationRequested();
                    yield return null;
                }

                if (!await next.ConfigureAwait(false))
                    yield break;
                yield return source.Current;
            }
        }
        finally
        {
            // A source may not be left in the middle of a step.
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }
}
