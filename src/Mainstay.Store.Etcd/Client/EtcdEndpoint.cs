using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.Store.Etcd.Wire;

namespace Mainstay.Store.Etcd.Client;

/// <summary>One etcd member as a client sees it: its channel and what it showed lately.</summary>
internal sealed class EtcdEndpoint : IDisposable
{
    private const int LargestMessage = 64 * 1024 * 1024;
    private readonly GrpcChannel channel;
    private long failedAt = long.MinValue;
    private long term;

    public EtcdEndpoint(Uri address, EtcdTls? tls, TimeSpan pingEvery)
    {
        Address = address;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = new EtcdSocket(tls).Connect,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = pingEvery,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            UseProxy = false,
        };
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LargestMessage,
            MaxRetryAttempts = 1,
        });
        Kv = new KV.KVClient(channel);
        Watcher = new Watch.WatchClient(channel);
        Cluster = new Wire.Cluster.ClusterClient(channel);
        Maintenance = new Maintenance.MaintenanceClient(channel);
    }

    public Uri Address { get; }

    public KV.KVClient Kv { get; }

    public Watch.WatchClient Watcher { get; }

    public Wire.Cluster.ClusterClient Cluster { get; }

    public Maintenance.MaintenanceClient Maintenance { get; }

    /// <summary>The highest raft term this endpoint has shown; 0 before its first answer.</summary>
    public ulong Term => (ulong)Interlocked.Read(ref term);

    /// <summary>How long ago it failed last; the largest span when it never did.</summary>
    public TimeSpan SinceFailure => Interlocked.Read(ref failedAt) is var at and not long.MinValue
        ? TimeSpan.FromMilliseconds(Environment.TickCount64 - at)
        : TimeSpan.MaxValue;

    public void MarkFailed() => Interlocked.Exchange(ref failedAt, Environment.TickCount64);

    public void MarkLive() => Interlocked.Exchange(ref failedAt, long.MinValue);

    /// <summary>Sends once. Never throws for what network or etcd do.</summary>
    public async Task<Attempt<T>> Try<T>(EtcdCall<T> call, TimeSpan limit, CancellationToken cancel)
    {
        // The deadline travels to etcd; the timer here is monotonic and holds whatever the wall clock does.
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timer.CancelAfter(limit);
        try
        {
            var options = new CallOptions(deadline: DateTime.UtcNow + limit, cancellationToken: timer.Token);
            using var sent = call.Send(this, options);
            var answer = await sent.ResponseAsync.ConfigureAwait(false);
            Note(call.HeaderOf(answer));
            return new Attempt<T>.Answered(answer);
        }
        catch (RpcException failure) when (failure.StatusCode != StatusCode.Cancelled)
        {
            return EtcdFailures.Classify<T>(failure, Address);
        }
        catch (Exception ended) when (ended is RpcException or OperationCanceledException)
        {
            return new Attempt<T>.Failed(Failure.TimedOut, $"{Address.Authority} did not answer in time");
        }
        catch (ObjectDisposedException)
        {
            return new Attempt<T>.Failed(Failure.Lost, $"the connection to {Address.Authority} was closed");
        }
    }

    public void Dispose() => channel.Dispose();

    private void Note(ResponseHeader? header)
    {
        if (header is not null && header.RaftTerm > Term)
            Interlocked.Exchange(ref term, (long)header.RaftTerm);
    }
}
