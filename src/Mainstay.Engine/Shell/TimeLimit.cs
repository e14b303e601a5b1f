namespace Mainstay.Engine.Shell;

/// <summary>Ends the waiting for an outside call at its limit, also when the callee does not heed the cancellation.</summary>
internal static class TimeLimit
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <summary>The call's result, or <paramref name="late"/> of the reason when it did not end in time.</summary>
    public static async Task<T> Within<T>(
        TimeSpan limit, Func<CancellationToken, Task<T>> call, Func<string, T> late, CancellationToken cancel)
    {
        var why = $"no answer within {limit.TotalSeconds:0.#} s";
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        var running = call(deadline.Token);
        try
        {
            return await running.WaitAsync(limit + Grace, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return late(why);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return late(why);
        }
        finally
        {
            if (running.IsCompleted)
                deadline.Dispose();
        }
    }
}
