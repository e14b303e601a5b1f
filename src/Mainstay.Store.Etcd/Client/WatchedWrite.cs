using Mainstay.Store.Etcd.Wire;

namespace Mainstay.Store.Etcd.Client;

/// <summary>
/// A write under way, with reads beside it once it is overdue. A proposal that was handed to a dying leader is lost without an answer;
/// the reads show the new leader (or that only this endpoint is silent), and the write becomes Unknown then, not at the end of its limit.
/// It is never sent again.
/// </summary>
internal sealed class WatchedWrite<T>(EtcdConnection connection, EtcdEndpoint to, EtcdCall<T> call, TimeSpan limit)
{
    /// <summary>A write that takes longer than this is watched. A healthy cluster answers in a few milliseconds.</summary>
    private static readonly TimeSpan DoubtAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>The write may still be answered just after a new leader is seen: it is then known instead of unknown.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    /// <summary>This endpoint is silent for so long after another one answered: it hangs.</summary>
    private static readonly TimeSpan HungAfter = TimeSpan.FromMilliseconds(300);

    public async Task<Attempt<T>> Send(CancellationToken cancel)
    {
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var termBefore = to.Term;
        var writing = to.Try(call, limit, scope.Token);
        var doubt = await EndsWithin(writing, DoubtAfter, cancel).ConfigureAwait(false)
            ? null
            : await Doubt(writing, termBefore, cancel).ConfigureAwait(false);
        if (doubt is not null)
            await scope.CancelAsync().ConfigureAwait(false);
        var answer = await writing.ConfigureAwait(false);
        return answer is Attempt<T>.Failed && doubt is not null ? doubt : answer;
    }

    /// <summary>Returns when the write has ended (null) or is given up.</summary>
    private async Task<Attempt<T>.Failed?> Doubt(Task<Attempt<T>> writing, ulong termBefore, CancellationToken cancel)
    {
        while (!writing.IsCompleted && !cancel.IsCancellationRequested)
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var same = to.Try(EtcdCalls.Probe, limit, scope.Token);
            var next = connection.Another([to]);
            var other = next?.Try(EtcdCalls.Probe, limit, scope.Token);
            var verdict = next is not null && other is not null
                ? await JudgeBoth(writing, same, other, next, termBefore, cancel).ConfigureAwait(false)
                : null;
            verdict ??= await Judge(writing, same, termBefore, cancel).ConfigureAwait(false);
            await scope.CancelAsync().ConfigureAwait(false);
            await same.ConfigureAwait(false);
            if (other is not null)
                await other.ConfigureAwait(false);
            if (verdict is not null)
                return verdict;
            await EndsWithin(writing, DoubtAfter, cancel).ConfigureAwait(false);
        }
        return null;
    }

    /// <summary>Gives the write up when this endpoint stays silent while another one shows that it need not be.</summary>
    private async Task<Attempt<T>.Failed?> JudgeBoth(
        Task<Attempt<T>> writing,
        Task<Attempt<RangeResponse>> same,
        Task<Attempt<RangeResponse>> other,
        EtcdEndpoint next,
        ulong termBefore,
        CancellationToken cancel)
    {
        var here = Task.WhenAny(writing, same);
        await Task.WhenAny(here, other).ConfigureAwait(false);
        if (here.IsCompleted)
            return null;
        var seen = await other.ConfigureAwait(false);
        var leaderIsNew = seen is Attempt<RangeResponse>.Failed { Kind: Failure.LeaderChanged }
            || (termBefore != 0 && next.Term > termBefore);
        if (!leaderIsNew && seen is not Attempt<RangeResponse>.Answered)
            return null;
        if (await EndsWithin(here, leaderIsNew ? 2 * Grace : HungAfter, cancel).ConfigureAwait(false) || cancel.IsCancellationRequested)
            return null;
        connection.Leave(to);
        return new Attempt<T>.Failed(Failure.TimedOut, $"{to.Address.Authority} is silent while {next.Address.Authority} answers");
    }

    private async Task<Attempt<T>.Failed?> Judge(
        Task<Attempt<T>> writing, Task<Attempt<RangeResponse>> same, ulong termBefore, CancellationToken cancel)
    {
        await Task.WhenAny(writing, same).ConfigureAwait(false);
        if (writing.IsCompleted)
            return null;
        var leaderIsNew = await same.ConfigureAwait(false) is Attempt<RangeResponse>.Failed { Kind: Failure.LeaderChanged }
            || (termBefore != 0 && to.Term > termBefore);
        if (!leaderIsNew || await EndsWithin(writing, Grace, cancel).ConfigureAwait(false))
            return null;
        return new Attempt<T>.Failed(Failure.LeaderChanged, $"{to.Address.Authority}: the leader changed while the write was under way");
    }

    private static async Task<bool> EndsWithin(Task task, TimeSpan time, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var timer = EtcdConnection.Pause(time, stop.Token);
        await Task.WhenAny(task, timer).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await timer.ConfigureAwait(false);
        return task.IsCompleted;
    }
}
