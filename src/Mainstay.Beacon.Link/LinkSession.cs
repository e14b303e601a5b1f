using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;
using Mainstay.Engine.Ports;

namespace Mainstay.Beacon.Link;

/// <summary>One connection to the beacon, from connecting to its end.</summary>
internal sealed class LinkSession(Socket socket, ChannelWriter<BeaconNews> news) : IDisposable
{
    /// <summary>A write that takes longer than this means that the beacon no longer reads.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(2);

    private const string Gone = "the beacon went away";

    private readonly ConcurrentDictionary<uint, TaskCompletionSource<string?>> asked = new();
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<ConsentAnswer?>> consents = new();
    private readonly Channel<ReadOnlyMemory<byte>> outgoing =
        Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(512) { SingleReader = true });

    private readonly CancellationTokenSource ended = new();
    private readonly byte[] incoming = new byte[AgentFrame.MaxBytes];
    private uint lastRequest;

    /// <summary>Queues a frame. A queue that is full belongs to a connection that is about to end.</summary>
    public bool Send(ReadOnlyMemory<byte> frame) => outgoing.Writer.TryWrite(frame);

    /// <summary>Completes with null when the beacon has done it, else with why not, also when the connection ends before.</summary>
    public Task<string?> Ask(Func<uint, byte[]> frame)
    {
        var request = Interlocked.Increment(ref lastRequest);
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked[request] = answer;
        if (!Send(frame(request)) || ended.IsCancellationRequested)
            answer.TrySetResult(Gone);
        return answer.Task;
    }

    /// <summary>Completes with the beacon's answer as a keeper, or with null when the connection ends before.</summary>
    public Task<ConsentAnswer?> AskConsent(Func<uint, byte[]> frame)
    {
        var request = Interlocked.Increment(ref lastRequest);
        var answer = new TaskCompletionSource<ConsentAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        consents[request] = answer;
        if (!Send(frame(request)) || ended.IsCancellationRequested)
            answer.TrySetResult(null);
        return answer.Task;
    }

    public async Task<string> Run(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, ended.Token);
        var reading = Read(either.Token);
        var writing = Write(either.Token);
        var first = await Task.WhenAny(reading, writing).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        outgoing.Writer.TryComplete();
        var why = await first.ConfigureAwait(false);
        await Task.WhenAll(reading, writing).ConfigureAwait(false);
        foreach (var answer in asked.Values)
            answer.TrySetResult(Gone);
        foreach (var answer in consents.Values)
            answer.TrySetResult(null);
        cancel.ThrowIfCancellationRequested();
        return why;
    }

    public void Dispose()
    {
        socket.Dispose();
        ended.Dispose();
    }

    private async Task<string> Read(CancellationToken cancel)
    {
        var length = 0;
        try
        {
            while (true)
            {
                var got = await socket.ReceiveAsync(incoming.AsMemory(length), SocketFlags.None, cancel).ConfigureAwait(false);
                if (got == 0)
                    return "the beacon closed the connection";
                length += got;
                var used = 0;
                while (TakeFrame(incoming.AsSpan(used, length - used), out var taken))
                    used += taken;
                incoming.AsSpan(used, length - used).CopyTo(incoming);
                length -= used;
            }
        }
        catch (SocketException failed)
        {
            return failed.Message;
        }
        catch (InvalidDataException failed)
        {
            return failed.Message;
        }
        catch (OperationCanceledException)
        {
            return "the connection is being closed";
        }
    }

    private async Task<string> Write(CancellationToken cancel)
    {
        try
        {
            await foreach (var frame in outgoing.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                limit.CancelAfter(WriteLimit);
                for (var sent = 0; sent < frame.Length;)
                    sent += await socket.SendAsync(frame[sent..], SocketFlags.None, limit.Token).ConfigureAwait(false);
            }

            return "the connection is being closed";
        }
        catch (SocketException failed)
        {
            return failed.Message;
        }
        catch (OperationCanceledException)
        {
            return cancel.IsCancellationRequested ? "the connection is being closed" : "the beacon does not read what it is told";
        }
    }

    private bool TakeFrame(ReadOnlySpan<byte> received, out int taken)
    {
        var kind = AgentFrame.Split(received, out var body, out taken);
        if (kind is null)
            return false;
        switch (kind)
        {
            case FrameKind.None:
                throw new InvalidDataException("the beacon speaks another protocol");
            case FrameKind.Acknowledged:
                var (request, accepted, why) = AgentFrame.ReadAcknowledged(body)
                    ?? throw new InvalidDataException("an answer of the beacon is cut short");
                if (asked.TryRemove(request, out var answer))
                    answer.TrySetResult(accepted ? null : why);
                return true;
            case FrameKind.Consented:
                var (consented, said) = LeaseFrame.ReadAnswer(body)
                    ?? throw new InvalidDataException("an answer of the beacon is cut short");
                if (consents.TryRemove(consented, out var waiting))
                    waiting.TrySetResult(said);
                return true;
            case FrameKind.Report:
                var report = ReportFrame.Read(body) ?? throw new InvalidDataException("a report of the beacon is cut short");

                // A node that does not keep up is better served by the next report than by a queue of old ones.
                news.TryWrite(new BeaconNews.Reported(report));
                return true;
            default:
                return true;
        }
    }
}
