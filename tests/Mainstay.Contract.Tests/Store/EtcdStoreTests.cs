using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Mainstay.Engine.Ports;
using Mainstay.Store.Etcd;
using Mainstay.Store.Etcd.Client;
using Mainstay.Store.Etcd.Wire;
using Xunit;

namespace Mainstay.Contract.Tests.Store;

/// <summary>The contract against one real etcd.</summary>
public sealed class EtcdStoreTests(SingleEtcd etcd) : StoreContract, IClassFixture<SingleEtcd>
{
    private static int rigs;

    protected override Task<IStoreRig> NewRig() => Task.FromResult<IStoreRig>(new Rig(
        etcd.Hosts, string.Create(CultureInfo.InvariantCulture, $"/mainstay/{Interlocked.Increment(ref rigs)}/")));

    [Fact]
    public async Task A_watch_whose_history_was_compacted_loads_again()
    {
        await using var rig = new Rig(etcd.Hosts, "/mainstay/compacted/");
        var store = rig.Connect();
        var revision = await Applied(store, [new("a", 0)], [Put("a", "1")]);
        revision = await Applied(store, [new("a", revision)], [Put("a", "2")]);
        await rig.Compact();

        using var connection = new EtcdConnection(null, TimeSpan.FromSeconds(1));
        connection.Use(etcd.Hosts.Endpoints);
        var news = System.Threading.Channels.Channel.CreateUnbounded<StoreNews>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var watching = new EtcdWatch(connection, new EtcdKeys("/mainstay/compacted/"), TimeSpan.FromSeconds(1), news.Writer, next: 2)
            .Run(stop.Token);
        var loaded = Assert.IsType<StoreNews.Loaded>(await news.Reader.ReadAsync(Cancel));
        Assert.Equal("2", Text(Assert.Single(loaded.Snapshot.Entries)));
        await stop.CancelAsync();
        await watching.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_large_state_is_loaded_page_by_page()
    {
        await using var rig = new Rig(etcd.Hosts, "/mainstay/large/");
        var store = rig.Connect();
        var names = Enumerable.Range(0, 1201).Select(i => $"k/{i:d4}").ToArray();
        foreach (var part in names.Chunk(100))
            await Applied(store, [.. part.Select(n => new RawGuard(n, 0))], [.. part.Select(n => Put(n, new string('x', 2000)))]);
        await using var watch = new WatchLog(store);
        Assert.Equal(names, (await watch.Next<StoreNews.Loaded>()).Snapshot.Entries.Select(e => e.Key));
        Assert.Equal(names, (await Read(store, names)).Entries.Select(e => e.Key));
    }

    [Fact]
    public async Task Settings_that_cannot_work_are_named()
    {
        var options = new EtcdStoreOptions { Endpoints = [new("https://h:1")], Prefix = "/m/" };
        var bad = Assert.Throws<ArgumentException>(() => new EtcdStore(options));
        Assert.Contains("https://h:1", bad.Message, StringComparison.Ordinal);
        bad = Assert.Throws<ArgumentException>(() => new EtcdStore(options with { Endpoints = [new("http://h:1")], Prefix = "/m" }));
        Assert.Contains("'/m'", bad.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    private sealed class Rig(EtcdHosts hosts, string prefix) : IStoreRig
    {
        private readonly List<EtcdStore> stores = [];
        private readonly Stopwatch time = Stopwatch.StartNew();

        public TimeSpan Now => time.Elapsed;

        public IClusterStore Connect()
        {
            stores.Add(hosts.Connect(prefix));
            return stores[^1];
        }

        public Task LoseQuorum()
        {
            hosts.Pause(0);
            return Task.CompletedTask;
        }

        public Task RestoreQuorum()
        {
            hosts.Continue(0);
            return Task.CompletedTask;
        }

        public async Task Compact()
        {
            using var endpoint = new EtcdEndpoint(hosts.Endpoints[0], null, TimeSpan.FromSeconds(1));
            var now = await endpoint.Kv.RangeAsync(new RangeRequest { Key = Google.Protobuf.ByteString.CopyFromUtf8("x") },
                new CallOptions(cancellationToken: Cancel));
            await endpoint.Kv.CompactAsync(new CompactionRequest { Revision = now.Header.Revision, Physical = true },
                new CallOptions(cancellationToken: Cancel));
        }

        public async ValueTask DisposeAsync()
        {
            hosts.Continue(0);
            foreach (var store in stores)
                await store.DisposeAsync();
        }
    }
}
