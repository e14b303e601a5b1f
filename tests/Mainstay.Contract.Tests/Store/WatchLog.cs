using System.Text;
using System.Threading.Channels;
using Mainstay.Engine.Ports;
using Xunit;

namespace Mainstay.Contract.Tests.Store;

/// <summary>Reads a watch in the background and hands out what came, by kind and in order.</summary>
internal sealed class WatchLog : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<StoreNews> changes = Channel.CreateUnbounded<StoreNews>();
    private readonly Channel<StoreNews> others = Channel.CreateUnbounded<StoreNews>();
    private readonly Task reading;

    public WatchLog(IClusterStore store) => reading = ReadAll(store);

    /// <summary>The next news other than changes; it must be of this kind.</summary>
    public async Task<T> Next<T>() where T : StoreNews
    {
        using var limit = Limit();
        while (true)
        {
            var news = await others.Reader.ReadAsync(limit.Token);
            if (news is T wanted)
                return wanted;
            // The first load and the first probe come in any order.
            Assert.True(news is StoreNews.Reachable or StoreNews.Loaded, $"{typeof(T).Name} expected, but: {news}");
            await others.Writer.WriteAsync(news, limit.Token);
        }
    }

    /// <summary>The next changes, each as "revision key=value …".</summary>
    public async Task<List<string>> Changes(int count)
    {
        using var limit = Limit();
        var found = new List<string>();
        while (found.Count < count)
            found.Add(Describe((StoreNews.Changed)await changes.Reader.ReadAsync(limit.Token)));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reading.WaitAsync(Patience);
        stop.Dispose();
    }

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }

    private static string Describe(StoreNews.Changed changed) => $"{changed.Revision} " + string.Join(' ', changed.Entries
        .OrderBy(e => e.Key, StringComparer.Ordinal)
        .Select(e => $"{e.Key}={(e.Value is { } value ? Encoding.UTF8.GetString(value.Span) : "-")}"));

    private async Task ReadAll(IClusterStore store)
    {
        try
        {
            await foreach (var news in store.Watch(stop.Token))
                await (news is StoreNews.Changed ? changes : others).Writer.WriteAsync(news);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A watch may end quietly or by the token; both are the end.
        }
    }
}
