using Mainstay.Agent.Journal;
using Mainstay.Contracts.Api;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Agent.Tests.Journal;

/// <summary>The journal keeps every fact once, in order, over restarts, rotation and damage.</summary>
public sealed class FactJournalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mainstay-journal").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(folder, "journal.jsonl");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Facts_are_numbered_kept_and_read_back_after_a_restart()
    {
        await Write(3);
        await Write(2);
        var read = Read(10);
        Assert.Equal([1L, 2, 3, 4, 5], read.Select(e => e.Seq));
        Assert.Equal(["guest0", "guest1", "guest2", "guest0", "guest1"], read.Select(e => e.Fields["group"]));
        Assert.All(read, e => Assert.Equal(("n1", "GroupReleased"), (e.Host, e.Fact)));
        Assert.Equal([4L, 5], Read(2).Select(e => e.Seq));
    }

    [Fact]
    public async Task Two_generations_of_bounded_size_are_kept()
    {
        for (var i = 0; i < 20; i++)
            await Write(20, maxBytes: 4096);
        Assert.True(new FileInfo(Path).Length <= 4096 + 20 * 300);
        Assert.True(new FileInfo(Path + ".1").Length <= 4096 + 20 * 300);
        Assert.Equal(2, Directory.GetFiles(folder).Length);
        var read = Read(30);
        Assert.Equal(Enumerable.Range(371, 30).Select(i => (long)i), read.Select(e => e.Seq));
    }

    [Theory]
    [InlineData("{\"seq\":4,\"time\":\"2026-01")]
    [InlineData("\0\0\0\0\0\0")]
    [InlineData("not json\n")]
    public async Task A_damaged_last_line_costs_that_line_only(string damage)
    {
        await Write(3);
        await File.AppendAllTextAsync(Path, damage, Cancel);
        Assert.Equal([1L, 2, 3], Read(10).Select(e => e.Seq));
        await Write(2);
        Assert.Equal([1L, 2, 3, 4, 5], Read(10).Select(e => e.Seq));
    }

    [Fact]
    public async Task Disk_full_on_agent_it_says_that_it_cannot_be_written_and_goes_on_when_there_is_room()
    {
        Directory.CreateDirectory(Path); // Nothing can be written where a directory is.
        using var journal = New(1024);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = journal.Run(stop.Token);
        Add(journal, 1);
        await Until(() => journal.Fault is not null);
        Directory.Delete(Path);
        Add(journal, 1);
        await Until(() => journal.Fault is null);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(2, Assert.Single(Read(10)).Seq);
    }

    private static async Task Until(Func<bool> holds)
    {
        while (!holds())
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_follower_gets_the_last_and_then_each_new_one_once()
    {
        await Write(3);
        using var journal = New(8 * 1024 * 1024);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = journal.Run(stop.Token);
        var seen = new List<long>();
        await foreach (var entry in journal.Follow(2, _ => true, Cancel))
        {
            seen.Add(entry.Seq);
            if (seen.Count == 2)
                Add(journal, 3);
            if (seen.Count == 5)
                break;
        }

        Assert.Equal([2L, 3, 4, 5, 6], seen);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_holds_up_nobody_and_followers_still_hear()
    {
        Directory.CreateDirectory(Path);
        using var journal = New(1024);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = journal.Run(stop.Token);
        var heard = journal.Follow(0, _ => true, Cancel).GetAsyncEnumerator(Cancel);
        var next = heard.MoveNextAsync();
        while (!next.IsCompleted)
        {
            Add(journal, 1);
            await Task.Yield();
        }

        Assert.True(await next);
        await heard.DisposeAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private FactJournal New(long maxBytes) => new(Path, new HostId("n1"), TimeProvider.System, NullLogger<FactJournal>.Instance, maxBytes);

    private static void Add(FactJournal journal, int count)
    {
        for (var i = 0; i < count; i++)
            journal.Add(new Fact.GroupReleased(new GroupId($"guest{i}")), Instant.Origin);
    }

    /// <summary>One life of an agent.</summary>
    private async Task Write(int count, long maxBytes = 8 * 1024 * 1024)
    {
        using var journal = New(maxBytes);
        Add(journal, count);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => journal.Run(stop.Token));
    }

    private IReadOnlyList<EventEntry> Read(int count)
    {
        using var journal = New(1024);
        return journal.ReadLast(count, _ => true);
    }
}
