using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Store.Etcd.Client;
using Mainstay.Store.Etcd.Wire;

namespace Mainstay.Store.Etcd;

/// <summary>
/// The cluster's facts in etcd. Writes are transactions on modification revisions and leave this host at most once; reads are
/// linearizable and repeated within the limit. Cancelling a call gives Unknown as well: nothing that was sent is undone.
/// </summary>
public sealed class EtcdStore : IClusterStore
{
    /// <summary>etcd's default limit is 128 operations in a transaction.</summary>
    private const int MostOperations = 128;
    private const int NewsAhead = 256;

    private readonly EtcdStoreOptions options;
    private readonly EtcdConnection connection;
    private readonly EtcdKeys keys;

    public EtcdStore(EtcdStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        keys = new EtcdKeys(options.Prefix);
        connection = new EtcdConnection(options.Tls, options.PingEvery);
        connection.Use(options.Endpoints);
    }

    /// <summary>
    /// Replaces the endpoints, for example after the cluster has grown; connections to those that stay are kept. The first is preferred.
    /// Called by one caller at a time.
    /// </summary>
    public void UseEndpoints(IReadOnlyList<Uri> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        (options with { Endpoints = endpoints }).Validate();
        connection.Use(endpoints);
    }

    /// <summary>The endpoint that requests go to at present.</summary>
    public Uri CurrentEndpoint => connection.Current.Address;

    public async Task<RawOutcome> Commit(RawTransaction transaction, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        // S3: a blind write that lands late would undo a newer decision.
        if (transaction.Guards.Count == 0)
            throw new ArgumentException("A transaction without guards is a blind write.", nameof(transaction));
        if (transaction.Guards.Count > MostOperations || transaction.Writes.Count > MostOperations)
            throw new ArgumentException($"More than {MostOperations} guards or writes in one transaction.", nameof(transaction));
        var call = EtcdCalls.Txn(keys.ToTxn(transaction));
        return await connection.Write(call, options.CallLimit, cancel).ConfigureAwait(false) switch
        {
            Attempt<TxnResponse>.Answered { Value: { Succeeded: true } answer } => new RawOutcome.Applied(answer.Header.Revision),
            Attempt<TxnResponse>.Answered => new RawOutcome.Conflict(),
            Attempt<TxnResponse>.Failed failed => new RawOutcome.Unknown(failed.Why),
            _ => throw new InvalidOperationException("An attempt is answered or failed."),
        };
    }

    public async Task<Observed<RawSnapshot>> Read(IReadOnlyList<string> keys, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var entries = new List<RawEntry>(keys.Count);
        long revision = 0;
        for (var at = 0; at < keys.Count || revision == 0; at += MostOperations)
        {
            var part = keys.Skip(at).Take(MostOperations).ToArray();
            // Later parts are read at the revision of the first, so that the whole is one state of the store.
            var call = EtcdCalls.Txn(this.keys.ToReads(part, revision));
            var attempt = await connection.Read(call, options.CallLimit, cancel).ConfigureAwait(false);
            if (attempt is Attempt<TxnResponse>.Failed failed)
                return new Observed<RawSnapshot>.Unknown(failed.Why);
            if (attempt is not Attempt<TxnResponse>.Answered { Value: var answer })
                throw new InvalidOperationException("An attempt is answered or failed.");
            if (revision == 0)
                revision = answer.Header.Revision;
            entries.AddRange(part.Select((key, i) => EtcdKeys.ToEntry(key, answer.Responses[i].ResponseRange.Kvs)));
        }
        return new Observed<RawSnapshot>.Known(new RawSnapshot(entries, revision));
    }

    public async IAsyncEnumerable<StoreNews> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        var news = Channel.CreateBounded<StoreNews>(new BoundedChannelOptions(NewsAhead) { SingleReader = true });
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var changes = new EtcdWatch(connection, keys, options.CallLimit, news.Writer).Run(scope.Token);
        var reach = new EtcdProbe(connection, options, news.Writer).Run(scope.Token);
        var failing = PassOnFailure(changes, reach, news.Writer);
        try
        {
            await foreach (var one in news.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
                yield return one;
        }
        finally
        {
            await scope.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(changes, reach, failing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Both loops end on cancel only; any other end is a bug that the reader must meet instead of waiting for ever.</summary>
    private static async Task PassOnFailure(Task changes, Task reach, ChannelWriter<StoreNews> news)
    {
        var ended = await Task.WhenAny(changes, reach).ConfigureAwait(false);
        if (ended.Exception is { } bug)
            news.TryComplete(bug.InnerException);
    }

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
