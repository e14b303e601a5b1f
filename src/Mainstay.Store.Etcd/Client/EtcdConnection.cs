using System.Collections.Immutable;
using Mainstay.Store.Etcd.Wire;

namespace Mainstay.Store.Etcd.Client;

/// <summary>
/// The endpoints of one cluster. Requests stay with one live endpoint, by preference the first of the list (the local member);
/// an endpoint that is silent while another answers is left within a fraction of a second.
/// </summary>
internal sealed class EtcdConnection(EtcdTls? tls, TimeSpan pingEvery) : IDisposable
{
    /// <summary>A read that is not answered by then is also sent to the next endpoint.</summary>
    private static readonly TimeSpan HedgeAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Between two rounds in which no endpoint answered.</summary>
    private static readonly TimeSpan RoundPause = TimeSpan.FromMilliseconds(30);

    private ImmutableArray<EtcdEndpoint> endpoints = [];
    private ImmutableArray<EtcdEndpoint> retired = [];
    private EtcdEndpoint? current;

    public EtcdEndpoint Current => Volatile.Read(ref current) ?? endpoints[0];

    public EtcdEndpoint Preferred => endpoints[0];

    public ImmutableArray<EtcdEndpoint> All => endpoints;

    /// <summary>Replaces the list; endpoints that stay keep their connections. Called by one caller at a time.</summary>
    public void Use(IReadOnlyList<Uri> addresses)
    {
        var before = endpoints;
        var after = addresses.Distinct()
            .Select(address => before.FirstOrDefault(known => known.Address == address) ?? new EtcdEndpoint(address, tls, pingEvery))
            .ToImmutableArray();
        ImmutableInterlocked.InterlockedExchange(ref endpoints, after);
        if (current is { } at && !after.Contains(at))
            Volatile.Write(ref current, null);
        // Requests may still run on a connection that is no longer listed; it is closed with the store.
        retired = [.. retired, .. before.Where(old => !after.Contains(old))];
    }

    public void Settle(EtcdEndpoint live)
    {
        live.MarkLive();
        Volatile.Write(ref current, live);
    }

    /// <summary>The endpoint does not serve: the next request goes to the one that failed longest ago.</summary>
    public void Leave(EtcdEndpoint failed)
    {
        failed.MarkFailed();
        if (Current == failed && Another([failed]) is { } next)
            Volatile.Write(ref current, next);
    }

    /// <summary>The best endpoint that is not excluded; null when there is none.</summary>
    public EtcdEndpoint? Another(IReadOnlyCollection<EtcdEndpoint> excluded) =>
        endpoints.Where(candidate => !excluded.Contains(candidate)).MaxBy(candidate => candidate.SinceFailure);

    /// <summary>
    /// Sends until one endpoint answers or the limit is reached. For reads only: several copies may be under way.
    /// </summary>
    public async Task<Attempt<T>> Read<T>(EtcdCall<T> call, TimeSpan limit, CancellationToken cancel)
    {
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        scope.CancelAfter(limit);
        var tried = new List<EtcdEndpoint>();
        var running = new List<Sending<T>>();
        var last = new Attempt<T>.Failed(Failure.TimedOut, "no endpoint answered in time");
        while (!scope.IsCancellationRequested)
        {
            var next = tried.Contains(Current) ? Another(tried) : Current;
            if (next is not null)
            {
                tried.Add(next);
                running.Add(new Sending<T>(next, next.Try(call, limit, scope.Token)));
            }
            else if (running.Count == 0)
            {
                tried.Clear();
                await Pause(RoundPause, scope.Token).ConfigureAwait(false);
                continue;
            }

            if (await FirstEnded(running, scope.Token).ConfigureAwait(false) is not { } ended)
                continue;
            running.Remove(ended);
            switch (await ended.Result.ConfigureAwait(false))
            {
                case Attempt<T>.Answered answered:
                    NoteAnswer(ended.Endpoint, running.Any(other => other.Endpoint == Current));
                    await scope.CancelAsync().ConfigureAwait(false);
                    await Task.WhenAll(running.Select(other => other.Result)).ConfigureAwait(false);
                    return answered;
                case Attempt<T>.Failed { Kind: Failure.LeaderChanged }:
                    tried.Remove(ended.Endpoint);
                    break;
                case Attempt<T>.Failed { Kind: Failure.Compacted } compacted:
                    await scope.CancelAsync().ConfigureAwait(false);
                    await Task.WhenAll(running.Select(other => other.Result)).ConfigureAwait(false);
                    return compacted;
                case Attempt<T>.Failed failed:
                    ended.Endpoint.MarkFailed();
                    last = failed;
                    break;
            }
        }
        await Task.WhenAll(running.Select(other => other.Result)).ConfigureAwait(false);
        return last;
    }

    /// <summary>
    /// Sends at most once. Only a request of which nothing left this host goes to the next endpoint; everything else that is not an
    /// answer has an unknown outcome.
    /// </summary>
    public async Task<Attempt<T>> Write<T>(EtcdCall<T> call, TimeSpan limit, CancellationToken cancel)
    {
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        scope.CancelAfter(limit);
        var tried = new List<EtcdEndpoint>();
        var last = new Attempt<T>.Failed(Failure.NotSent, "no endpoint could be reached in time");
        for (var to = Current; to is not null && !scope.IsCancellationRequested; to = Another(tried))
        {
            tried.Add(to);
            var attempt = await new WatchedWrite<T>(this, to, call, limit).Send(scope.Token).ConfigureAwait(false);
            switch (attempt)
            {
                case Attempt<T>.Answered:
                    if (to != Current)
                        Settle(to);
                    return attempt;
                case Attempt<T>.Failed { Kind: Failure.NotSent } failed:
                    Leave(to);
                    last = failed;
                    break;
                case Attempt<T>.Failed { Kind: Failure.Lost }:
                    Leave(to);
                    return attempt;
                case Attempt<T>.Failed:
                    return attempt;
            }
        }
        return last;
    }

    public void Dispose()
    {
        foreach (var endpoint in endpoints.Concat(retired))
            endpoint.Dispose();
    }

    internal static async Task Pause(TimeSpan time, CancellationToken cancel) =>
        await Task.Delay(time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task<Sending<T>?> FirstEnded<T>(List<Sending<T>> running, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var hedge = Pause(HedgeAfter, stop.Token);
        var ended = await Task.WhenAny([.. running.Select(one => (Task)one.Result), hedge]).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await hedge.ConfigureAwait(false);
        return running.Find(one => one.Result == ended);
    }

    private void NoteAnswer(EtcdEndpoint by, bool currentIsSilent)
    {
        if (currentIsSilent)
            Current.MarkFailed();
        if (by != Current)
            Settle(by);
    }

    private sealed record Sending<T>(EtcdEndpoint Endpoint, Task<Attempt<T>> Result);
}
