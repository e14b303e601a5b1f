using System.Threading.Channels;
using Google.Protobuf.Collections;
using Grpc.Core;
using Mainstay.Engine.Ports;
using Mainstay.Store.Etcd.Wire;

namespace Mainstay.Store.Etcd.Client;

/// <summary>Loads everything below the prefix, then follows it revision by revision, across lost streams and compactions.</summary>
internal sealed class EtcdWatch(
    EtcdConnection connection, EtcdKeys keys, TimeSpan callLimit, ChannelWriter<StoreNews> news, long next = 0)
{
    private const int PageSize = 500;

    /// <summary>How often the stream is asked for a sign of life.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(400);

    /// <summary>A stream that says nothing for this long, asked or not, is dead.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMilliseconds(1200);

    private static readonly TimeSpan PauseAfterLoss = TimeSpan.FromMilliseconds(30);

    /// <summary>The revision that comes next; 0 while nothing is loaded.</summary>
    private long next = next;

    private string storeId = "";

    public async Task Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            if (next == 0 && !await Load(cancel).ConfigureAwait(false))
            {
                await EtcdConnection.Pause(PauseAfterLoss, cancel).ConfigureAwait(false);
                continue;
            }
            var endpoint = connection.Current;
            try
            {
                await Follow(endpoint, cancel).ConfigureAwait(false);
            }
            catch (Exception lost) when (lost is RpcException or OperationCanceledException or ObjectDisposedException)
            {
                if (cancel.IsCancellationRequested)
                    return;
            }
            if (next != 0)
                connection.Leave(endpoint);
            await EtcdConnection.Pause(PauseAfterLoss, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Page by page at one revision, so that the whole is one state of the store.</summary>
    private async Task<bool> Load(CancellationToken cancel)
    {
        var entries = new List<RawEntry>();
        var from = keys.First;
        var store = "";
        long revision = 0;
        while (true)
        {
            var page = EtcdCalls.Range(new RangeRequest { Key = from, RangeEnd = keys.End, Limit = PageSize, Revision = revision });
            var read = await connection.Read(page, callLimit, cancel).ConfigureAwait(false);
            if (read is not Attempt<RangeResponse>.Answered { Value: var answer })
                return false;
            if (revision == 0)
                (revision, store) = (answer.Header.Revision, Id(answer.Header));
            entries.AddRange(answer.Kvs.Select(keys.ToEntry));
            if (!answer.More)
                break;
            // The smallest key behind the last one of this page.
            from = Google.Protobuf.ByteString.CopyFrom([.. answer.Kvs[^1].Key.Span, 0]);
        }
        await news.WriteAsync(new StoreNews.Loaded(new RawSnapshot(entries, revision), store), cancel).ConfigureAwait(false);
        (next, storeId) = (revision + 1, store);
        return true;
    }

    /// <summary>etcd's cluster id: a cluster that was made from a snapshot has another one, unless it was given the same members.</summary>
    private static string Id(ResponseHeader header) => $"etcd cluster {header.ClusterId:x16}";

    /// <summary>
    /// The member is behind what was seen already. It may lag; but when the store as a whole is behind, or another one, it was restored
    /// from a backup, and a watch from a revision in its future would keep silent.
    /// </summary>
    private async Task<bool> WentBack(ResponseHeader header, CancellationToken cancel)
    {
        if (Id(header) != storeId)
            return true;
        if (header.Revision + 1 >= next)
            return false;
        var now = await connection.Read(EtcdCalls.Probe, callLimit, cancel).ConfigureAwait(false);
        return now is Attempt<RangeResponse>.Answered { Value.Header: var all } && all.Revision + 1 < next;
    }

    private async Task Follow(EtcdEndpoint endpoint, CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(SilenceLimit);
        // A member that has lost its leader ends the stream instead of keeping silent about changes.
        using var stream = endpoint.Watcher.Watch(new Metadata { { "hasleader", "true" } }, cancellationToken: silence.Token);
        await stream.RequestStream.WriteAsync(
            new WatchRequest
            {
                CreateRequest = new WatchCreateRequest
                {
                    Key = keys.First,
                    RangeEnd = keys.End,
                    StartRevision = next,
                    ProgressNotify = true,
                },
            },
            silence.Token).ConfigureAwait(false);
        var asking = AskForLife(stream.RequestStream, silence.Token);
        try
        {
            while (await stream.ResponseStream.MoveNext(silence.Token).ConfigureAwait(false))
            {
                silence.CancelAfter(SilenceLimit);
                if (!await Take(stream.ResponseStream.Current, cancel).ConfigureAwait(false))
                    return;
                silence.CancelAfter(SilenceLimit);
            }
        }
        finally
        {
            await silence.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>False when the stream is over.</summary>
    private async Task<bool> Take(WatchResponse response, CancellationToken cancel)
    {
        if (response.CompactRevision != 0)
        {
            next = 0;
            return false;
        }
        if (response.Canceled)
            return false;
        if (response.Created && storeId.Length > 0 && await WentBack(response.Header, cancel).ConfigureAwait(false))
        {
            next = 0;
            return false;
        }
        await Report(response.Events, cancel).ConfigureAwait(false);
        // An answer to our own request (watch id -1) may overtake changes that are still on their way; only etcd's own notice, which is
        // queued behind them, moves the point of resumption.
        if (response is { Events.Count: 0, Created: false, WatchId: >= 0 })
            next = Math.Max(next, response.Header.Revision + 1);
        return true;
    }

    /// <summary>One piece of news per revision: what one transaction changed stays together.</summary>
    private async Task Report(RepeatedField<Event> events, CancellationToken cancel)
    {
        for (var at = 0; at < events.Count;)
        {
            var revision = events[at].Kv.ModRevision;
            var changed = new List<RawEntry>();
            for (; at < events.Count && events[at].Kv.ModRevision == revision; at++)
                changed.Add(keys.ToEntry(events[at]));
            if (revision < next)
                continue;
            await news.WriteAsync(new StoreNews.Changed(changed, revision), cancel).ConfigureAwait(false);
            next = revision + 1;
        }
    }

    private static async Task AskForLife(IClientStreamWriter<WatchRequest> requests, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await EtcdConnection.Pause(AskEvery, cancel).ConfigureAwait(false);
            if (!cancel.IsCancellationRequested)
                await requests.WriteAsync(new WatchRequest { ProgressRequest = new WatchProgressRequest() }, cancel).ConfigureAwait(false);
        }
    }
}
