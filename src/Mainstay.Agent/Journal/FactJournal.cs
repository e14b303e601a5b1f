using System.Threading.Channels;
using Mainstay.Contracts.Api;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Journal;

/// <summary>
/// Takes each fact once: to the log, to the journal on disk and to whoever follows (C12). One loop owns file and followers.
/// </summary>
internal sealed class FactJournal : IFactJournal, IDisposable
{
    private const int Waiting = 8192;
    private const int FollowerBuffer = 1024;
    private readonly Channel<Item> items = Channel.CreateBounded<Item>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly List<Channel<EventEntry>> followers = [];
    private readonly JournalFile file;
    private readonly HostId host;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private long seq;
    private long dropped;
    private volatile string? fault;

    public FactJournal(string path, HostId host, TimeProvider time, ILogger<FactJournal> log, long maxBytes = 8 * 1024 * 1024)
    {
        (this.host, this.time, this.log) = (host, time, log);
        file = new JournalFile(path, maxBytes);
        seq = file.LastSeq();
    }

    /// <summary>Why the journal cannot be written now; null when it can. The facts are in the log in any case.</summary>
    public string? Fault => fault;

    /// <summary>Never waits: a disk that hangs must not hold the node. What does not fit is in the log only, and counted there.</summary>
    public void Add(Fact fact, Instant at)
    {
        var text = FactText.Render(fact);
        AgentLog.FactHappened(log, text.Name, text.Sentence);
        var entry = new EventEntry
        {
            Seq = 0,
            Time = time.GetUtcNow(),
            MonotonicMs = at.SinceOrigin.TotalMilliseconds,
            Host = host.Name,
            Fact = text.Name,
            Fields = text.Fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal),
            Text = text.Sentence,
        };
        if (!items.Writer.TryWrite(new Item.Happened(entry)))
            AgentLog.JournalBehind(log, Interlocked.Increment(ref dropped));
    }

    public void Note(ShellNote note)
    {
        switch (note)
        {
            case ShellNote.StoredValueSkipped n:
                AgentLog.StoredValueSkipped(log, n.Why);
                break;
            case ShellNote.HypervisorLost n:
                AgentLog.HypervisorLost(log, n.Why);
                break;
            case ShellNote.HypervisorFound:
                AgentLog.HypervisorFound(log);
                break;
            case ShellNote.BeaconLost n:
                AgentLog.BeaconLost(log, n.Why);
                break;
            case ShellNote.BeaconFound:
                AgentLog.BeaconFound(log);
                break;
        }
    }

    /// <summary>Writes until cancelled; what was added before is written first.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var batch = new List<EventEntry>();
        try
        {
            while (await items.Reader.WaitToReadAsync(cancel).ConfigureAwait(false))
                Drain(batch);
        }
        catch (OperationCanceledException)
        {
            Drain(batch);
            throw;
        }
        finally
        {
            foreach (var follower in followers)
                follower.Writer.TryComplete();
        }
    }

    /// <summary>The last entries that fit, oldest first.</summary>
    public IReadOnlyList<EventEntry> ReadLast(int count, Func<EventEntry, bool> wanted) => file.ReadLast(count, wanted);

    /// <summary>
    /// The last entries that fit, and then each new one. A follower that is too slow misses the oldest; the gap shows in the numbers.
    /// </summary>
    public async IAsyncEnumerable<EventEntry> Follow(
        int last,
        Func<EventEntry, bool> wanted,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var own = Channel.CreateBounded<EventEntry>(
            new BoundedChannelOptions(FollowerBuffer) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await items.Writer.WriteAsync(new Item.Joined(own, joined), cancel).ConfigureAwait(false);
        try
        {
            await joined.Task.WaitAsync(cancel).ConfigureAwait(false);
            var newest = 0L;
            foreach (var entry in file.ReadLast(last, wanted))
            {
                newest = entry.Seq;
                yield return entry;
            }

            await foreach (var entry in own.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                if (entry.Seq > newest && wanted(entry))
                    yield return entry;
            }
        }
        finally
        {
            await items.Writer.WriteAsync(new Item.Gone(own), CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose() => file.Dispose();

    private void Drain(List<EventEntry> batch)
    {
        batch.Clear();
        while (items.Reader.TryRead(out var item))
        {
            switch (item)
            {
                case Item.Happened happened:
                    batch.Add(happened.Entry with { Seq = ++seq });
                    break;
                case Item.Joined joined:
                    Write(batch);
                    followers.Add(joined.Follower);
                    joined.Done.SetResult();
                    break;
                case Item.Gone gone:
                    followers.Remove(gone.Follower);
                    break;
            }
        }

        Write(batch);
    }

    private void Write(List<EventEntry> batch)
    {
        if (batch.Count == 0)
            return;
        try
        {
            file.Append(batch);
            fault = null;
        }
        catch (IOException e)
        {
            ReportFailure(e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            ReportFailure(e.Message);
        }

        foreach (var entry in batch)
        {
            foreach (var follower in followers)
                follower.Writer.TryWrite(entry);
        }

        batch.Clear();
    }

    private void ReportFailure(string why)
    {
        if (fault is null)
            AgentLog.JournalNotWritten(log, file.Path, why);
        fault = why;
    }

    private abstract record Item
    {
        private Item()
        {
        }

        public sealed record Happened(EventEntry Entry) : Item;

        public sealed record Joined(Channel<EventEntry> Follower, TaskCompletionSource Done) : Item;

        public sealed record Gone(Channel<EventEntry> Follower) : Item;
    }
}
