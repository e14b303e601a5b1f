using System.Text.Json;
using System.Threading.Channels;
using Mainstay.Agent.Journal;
using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;

namespace Mainstay.Agent.Api;

/// <summary>The events of all hosts in one stream, ordered by wall time as far as they arrive within the reordering time.</summary>
internal sealed class EventFeed(
    HostId self, FactJournal journal, Peers peers, Func<IEnumerable<KeyValuePair<HostId, HostConfig>>> others, TimeProvider time)
{
    /// <summary>Between two signs of life on a journal's stream.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan GatherLimit = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan Reorder = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A stream on which nothing came for this long, not even a sign of life, has died with its host.</summary>
    private static readonly TimeSpan Silence = 4 * Heartbeat;

    /// <summary>The last entries of all hosts that answer in time, oldest first.</summary>
    public async Task<IReadOnlyList<EventEntry>> Gather(EventQuery query, CancellationToken cancel)
    {
        var rounds = others().Select(o => FromPeer(o.Value, query, cancel)).ToArray();
        var all = new List<EventEntry>(journal.ReadLast(query.Last, query.Wants));
        foreach (var round in rounds)
            all.AddRange(await round.ConfigureAwait(false));
        return [.. all.OrderBy(e => e.Time).ThenBy(e => e.Host, StringComparer.Ordinal).ThenBy(e => e.Seq).TakeLast(query.Last)];
    }

    /// <summary>The last entries and then all new ones, until cancelled. A null is a sign of life while nothing happens.</summary>
    public async IAsyncEnumerable<EventEntry?> Follow(
        EventQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var arrivals = Channel.CreateBounded<EventEntry>(1024);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var entry in await Gather(query, cancel).ConfigureAwait(false))
        {
            seen[entry.Host] = Math.Max(seen.GetValueOrDefault(entry.Host), entry.Seq);
            yield return entry;
        }

        var sources = Task.WhenAll(
            FollowOwn(query, seen, arrivals.Writer, end.Token), FollowPeers(query, seen, arrivals.Writer, end.Token));
        try
        {
            var waiting = new PriorityQueue<EventEntry, (DateTimeOffset, long)>();
            var idle = 0;
            while (!sources.IsCompleted)
            {
                await Task.Delay(Reorder, cancel).ConfigureAwait(false);
                while (arrivals.Reader.TryRead(out var arrived))
                    waiting.Enqueue(arrived, (arrived.Seq == EventEntry.NoticeSeq ? DateTimeOffset.MinValue : arrived.Time, arrived.Seq));
                idle = waiting.Count > 0 ? 0 : idle + 1;
                while (waiting.TryDequeue(out var entry, out _))
                    yield return entry;
                if (idle % 30 == 29)
                    yield return null;
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await sources.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyList<EventEntry>> FromPeer(HostConfig config, EventQuery query, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(GatherLimit);
        var entries = new List<EventEntry>();
        try
        {
            await foreach (var entry in Lines(config, query.ToQuery(false, 0, query.Last), limit.Token).ConfigureAwait(false))
            {
                if (entry is not null)
                    entries.Add(entry);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // What came in time is shown; status says which agents do not answer.
        }

        return entries;
    }

    private async Task FollowOwn(EventQuery query, Dictionary<string, long> seen, ChannelWriter<EventEntry> to, CancellationToken cancel)
    {
        var after = seen.GetValueOrDefault(self.Name);
        await foreach (var entry in journal.Follow(query.Last, e => e.Seq > after && query.Wants(e), cancel).ConfigureAwait(false))
            await to.WriteAsync(entry, cancel).ConfigureAwait(false);
    }

    /// <summary>One stream per other host; hosts that join later are followed as well.</summary>
    private async Task FollowPeers(EventQuery query, Dictionary<string, long> seen, ChannelWriter<EventEntry> to, CancellationToken cancel)
    {
        var followed = new Dictionary<HostId, Task>();
        while (true)
        {
            foreach (var (host, config) in others())
            {
                if (!followed.ContainsKey(host))
                    followed[host] = FollowPeer(host, config, query, seen.GetValueOrDefault(host.Name), to, cancel);
            }

            await Task.Delay(Pause, cancel).ConfigureAwait(false);
            foreach (var ended in followed.Where(f => f.Value.IsCompleted).ToArray())
                await ended.Value.ConfigureAwait(false);
        }
    }

    private async Task FollowPeer(
        HostId host, HostConfig config, EventQuery query, long after, ChannelWriter<EventEntry> to, CancellationToken cancel)
    {
        var missed = false;
        while (true)
        {
            var current = others().FirstOrDefault(o => o.Key == host).Value ?? config;
            await foreach (var entry in Lines(current, query.ToQuery(true, after, 1000), cancel).ConfigureAwait(false))
            {
                if (missed)
                    await to.WriteAsync(Notice(host, "answers again"), cancel).ConfigureAwait(false);
                missed = false;
                if (entry is null)
                    continue;
                after = Math.Max(after, entry.Seq);
                await to.WriteAsync(entry, cancel).ConfigureAwait(false);
            }

            if (!missed)
                await to.WriteAsync(Notice(host, "no answer"), cancel).ConfigureAwait(false);
            missed = true;
            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Of no journal, hence without a number: what the follower is to know about the stream itself.</summary>
    private EventEntry Notice(HostId host, string text) => new()
    {
        Seq = EventEntry.NoticeSeq,
        Time = time.GetUtcNow(),
        MonotonicMs = 0,
        Host = host.Name,
        Fact = "",
        Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["seen_by"] = self.Name },
        Text = text,
    };

    /// <summary>Ends quietly when the stream breaks: the follower comes back. A null is a sign of life.</summary>
    private async IAsyncEnumerable<EventEntry?> Lines(
        HostConfig config, string query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var lines = peers.Lines(config, ApiPaths.Journal + query, Silence, cancel).GetAsyncEnumerator(cancel);
        while (true)
        {
            EventEntry? entry;
            try
            {
                if (!await lines.MoveNextAsync().ConfigureAwait(false))
                    yield break;
                entry = lines.Current.Length == 0 ? null : JsonSerializer.Deserialize(lines.Current, ApiJson.Default.EventEntry);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                yield break;
            }

            yield return entry;
        }
    }
}
