using System.Text.Json;
using Mainstay.Agent.Api;
using Mainstay.Agent.Journal;
using Mainstay.Agent.Member;
using Mainstay.Agent.Tests.Joining;
using Mainstay.Contracts.Api;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Agent.Tests.Api;

/// <summary>Events of all hosts in one stream: a host whose agent hangs or dies is named and holds up nobody.</summary>
public sealed class EventFeedTests : IAsyncLifetime
{
    private const int PeerPort = 7785;
    private static readonly EventQuery Everything = new(10, Follow: true, null, null, 0);
    private readonly TestRoot peer = new();
    private TestMember member = null!;
    private FactJournal journal = null!;
    private Task writing = Task.CompletedTask;
    private readonly CancellationTokenSource stop = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        member = await TestMember.Found("n1", Cancel);
        journal = new FactJournal(
            Path.Combine(peer.Layout.Root, "own.jsonl"), new HostId("n1"), TimeProvider.System, NullLogger<FactJournal>.Instance);
        writing = journal.Run(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        journal?.Dispose();
        if (member is not null)
            await member.DisposeAsync();
        await peer.DisposeAsync();
        stop.Dispose();
    }

    [Fact]
    public async Task A_peer_that_falls_silent_is_told_once_and_again_when_it_answers()
    {
        var hangs = true;
        await using var server = await Serve(async http =>
        {
            await Say(http, Entry(1));
            while (!hangs || http.Request.QueryString.Value?.Contains("after=0", StringComparison.Ordinal) != true)
            {
                await http.Response.WriteAsync("\n", http.RequestAborted);
                await Say(http, Entry(2));
                await Task.Delay(50, http.RequestAborted);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
        });
        await using var stream = Feed().Follow(Everything, Cancel).GetAsyncEnumerator(Cancel);
        Assert.Equal("n2 1", await Next(stream));
        journal.Add(new Fact.Armed(), Instant.Origin);
        Assert.Equal("n1 1", await Next(stream));
        Assert.Equal("n2: no answer", await Next(stream));
        hangs = false;
        Assert.Equal("n2: answers again", await Next(stream));
        Assert.Equal("n2 1", await Next(stream));
    }

    [Fact]
    public async Task A_peer_that_is_not_there_does_not_hold_up_the_others()
    {
        await using var stream = Feed().Follow(Everything, Cancel).GetAsyncEnumerator(Cancel);
        Assert.Equal("n2: no answer", await Next(stream));
        journal.Add(new Fact.Armed(), Instant.Origin);
        Assert.Equal("n1 1", await Next(stream));
    }

    [Fact]
    public async Task A_quiet_journal_gives_signs_of_life()
    {
        var beats = 0;
        await foreach (var entry in Pulse.With(c => journal.Follow(10, _ => true, c), TimeSpan.FromMilliseconds(10), Cancel))
        {
            if (entry is not null)
                break;
            if (++beats == 5)
                journal.Add(new Fact.Armed(), Instant.Origin);
        }

        Assert.True(beats >= 5);
    }

    private static EventEntry Entry(long seq) => new()
    {
        Seq = seq,
        Time = DateTimeOffset.UtcNow,
        MonotonicMs = 1,
        Host = "n2",
        Fact = "Armed",
        Fields = new Dictionary<string, string>(),
        Text = "armed",
    };

    private static async Task Say(HttpContext http, EventEntry entry)
    {
        await http.Response.WriteAsync(JsonSerializer.Serialize(entry, ApiJson.Default.EventEntry) + "\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    /// <summary>The next entry that was not seen before, or notice.</summary>
    private static async Task<string> Next(IAsyncEnumerator<EventEntry?> stream)
    {
        while (await stream.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(40), Cancel))
        {
            if (stream.Current is { } entry)
                return entry.Seq == EventEntry.NoticeSeq ? $"{entry.Host}: {entry.Text}" : $"{entry.Host} {entry.Seq}";
        }

        return "the end";
    }

    private EventFeed Feed() => new(
        new HostId("n1"),
        journal,
        new Peers(member.Member.Trust),
        () => [KeyValuePair.Create(new HostId("n2"), new HostConfig(2, [member.Address], PeerPort, [], false))],
        TimeProvider.System);

    private async Task<WebApplication> Serve(RequestDelegate stream)
    {
        // A question that is not to be followed is answered whole.
        RequestDelegate handle = http => http.Request.Query["follow"] == "true" ? stream(http) : Task.CompletedTask;
        var server = ApiServer.Cluster(
            [member.Address], PeerPort, member.Member.Trust, NullLoggerFactory.Instance, [("GET", ApiPaths.Journal, handle)], []);
        await server.StartAsync(Cancel);
        return server;
    }
}
