using Mainstay.Engine.Ports;
using Xunit;

namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>Reads the news of a hypervisor from its first connection on.</summary>
internal sealed class NewsReader : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly IAsyncEnumerator<HypervisorNews> news;
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private Task<bool>? pending;

    private NewsReader(IHypervisor hypervisor) => news = hypervisor.Watch(stop.Token).GetAsyncEnumerator(stop.Token);

    internal static async Task<NewsReader> Begin(IHypervisor hypervisor)
    {
        var reader = new NewsReader(hypervisor);
        await reader.Until(item => item is HypervisorNews.Connected, "connected");
        return reader;
    }

    internal async Task Until(Func<HypervisorNews, bool> wanted, string what)
    {
        var seen = new List<HypervisorNews>();
        try
        {
            while (true)
            {
                pending ??= news.MoveNextAsync().AsTask();
                Assert.True(await pending.WaitAsync(Limit, stop.Token), "the watch ended");
                pending = null;
                seen.Add(news.Current);
                if (wanted(news.Current))
                    return;
            }
        }
        catch (TimeoutException)
        {
            Assert.Fail($"within {Limit.TotalSeconds} s: {what}; seen: {string.Join("; ", seen)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            if (pending is not null)
                await pending;
        }
        catch (OperationCanceledException)
        {
            // It was just cancelled.
        }

        await news.DisposeAsync();
        stop.Dispose();
    }
}
