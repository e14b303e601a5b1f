using System.Text;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Xunit;

namespace Mainstay.Contract.Tests.Store;

/// <summary>What every <see cref="IClusterStore"/> must do, the simulated one and the real one alike.</summary>
public abstract class StoreContract
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<IStoreRig> NewRig();

    [Fact]
    public async Task A_fact_is_created_only_when_absent()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        var applied = await Applied(store, [new("a", 0)], [Put("a", "one")]);
        Assert.IsType<RawOutcome.Conflict>(await store.Commit(new([new("a", 0)], [Put("a", "two")]), Cancel));
        var read = await Read(store, "a", "b");
        Assert.Equal(("one", applied), (Text(read.Entries[0]), read.Entries[0].ModRevision));
        Assert.Equal((null, 0L), (read.Entries[1].Value, read.Entries[1].ModRevision));
        Assert.Equal(["a", "b"], read.Entries.Select(e => e.Key));
        Assert.True(read.Revision >= applied);
        Assert.True((await Read(store, "b")).Revision >= applied);
    }

    [Fact]
    public async Task A_guard_holds_for_one_revision_only()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        var first = await Applied(store, [new("a", 0)], [Put("a", "1")]);
        var second = await Applied(store, [new("a", first)], [Put("a", "2")]);
        Assert.True(second > first);
        Assert.IsType<RawOutcome.Conflict>(await store.Commit(new([new("a", first)], [Put("a", "3")]), Cancel));
        Assert.Equal("2", Text((await Read(store, "a")).Entries[0]));
    }

    [Fact]
    public async Task A_deleted_fact_is_absent_and_can_be_created_again()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        var first = await Applied(store, [new("a", 0)], [Put("a", "1")]);
        await Applied(store, [new("a", first)], [new RawWrite("a", null)]);
        var read = await Read(store, "a");
        Assert.Equal((null, 0L), (read.Entries[0].Value, read.Entries[0].ModRevision));
        Assert.IsType<RawOutcome.Conflict>(await store.Commit(new([new("a", first)], [Put("a", "2")]), Cancel));
        await Applied(store, [new("a", 0)], [Put("a", "3")]);
    }

    [Fact]
    public async Task A_transaction_is_all_or_nothing_and_has_one_revision()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        var first = await Applied(store, [new("a", 0), new("b", 0)], [Put("a", "1"), Put("b", "1"), Put("c", "1")]);
        var read = await Read(store, "a", "b", "c");
        Assert.All(read.Entries, entry => Assert.Equal(first, entry.ModRevision));
        Assert.IsType<RawOutcome.Conflict>(
            await store.Commit(new([new("a", first), new("b", 0)], [Put("a", "2"), new RawWrite("c", null)]), Cancel));
        Assert.All((await Read(store, "a", "b", "c")).Entries, entry => Assert.Equal("1", Text(entry)));
    }

    [Fact]
    public async Task A_hundred_changes_and_an_empty_value_fit()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        var names = Enumerable.Range(0, StoreTransaction.MaxChanges).Select(i => $"k/{i:d3}").ToArray();
        var revision = await Applied(store, [.. names.Select(n => new RawGuard(n, 0))], [.. names.Select(n => Put(n, ""))]);
        var read = await Read(store, [.. names, "other"]);
        Assert.Equal(names.Length + 1, read.Entries.Count);
        Assert.All(read.Entries.SkipLast(1), entry => Assert.Equal((0, revision), (entry.Value?.Length, entry.ModRevision)));
    }

    [Fact]
    public async Task A_read_sees_what_another_client_has_just_written()
    {
        await using var rig = await NewRig();
        var (writer, reader) = (rig.Connect(), rig.Connect());
        long revision = 0;
        for (var i = 0; i < 20; i++)
        {
            revision = await Applied(writer, [new("a", revision)], [Put("a", $"{i}")]);
            var read = await Read(reader, "a");
            Assert.Equal(($"{i}", revision), (Text(read.Entries[0]), read.Entries[0].ModRevision));
        }
    }

    [Fact]
    public async Task Of_racing_writers_exactly_one_wins()
    {
        await using var rig = await NewRig();
        var stores = Enumerable.Range(0, 4).Select(_ => rig.Connect()).ToArray();
        var outcomes = await Task.WhenAll(stores.Select((s, i) => s.Commit(new([new("a", 0)], [Put("a", $"{i}")]), Cancel)));
        Assert.Single(outcomes.OfType<RawOutcome.Applied>());
        Assert.Equal(3, outcomes.OfType<RawOutcome.Conflict>().Count());
    }

    [Fact]
    public async Task A_watch_loads_everything_and_then_tells_every_change_in_order()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        var before = await Applied(store, [new("a", 0)], [Put("a", "1"), Put("b", "1")]);
        await using var watch = new WatchLog(store);
        var loaded = (await watch.Next<StoreNews.Loaded>()).Snapshot;
        Assert.Equal(["a", "b"], loaded.Entries.Select(e => e.Key).Order(StringComparer.Ordinal));
        Assert.True(loaded.Revision >= before);

        var expected = new List<string>();
        var revision = before;
        for (var i = 0; i < 50; i++)
        {
            revision = await Applied(store, [new("a", revision)], i % 10 == 9 ? [Put("a", $"{i}"), new RawWrite("b", null)]
                : [Put("a", $"{i}"), Put("b", $"{i}")]);
            expected.Add($"{revision} a={i} b={(i % 10 == 9 ? "-" : $"{i}")}");
        }
        Assert.Equal(expected, await watch.Changes(expected.Count));
    }

    [Fact]
    public async Task A_watch_sees_only_its_own_cluster()
    {
        await using var rig = await NewRig();
        await using var foreign = await NewRig();
        var store = rig.Connect();
        await using var watch = new WatchLog(store);
        Assert.Empty((await watch.Next<StoreNews.Loaded>()).Snapshot.Entries);
        await Applied(foreign.Connect(), [new("a", 0)], [Put("a", "foreign")]);
        var revision = await Applied(store, [new("a", 0)], [Put("a", "own")]);
        Assert.Equal([$"{revision} a=own"], await watch.Changes(1));
    }

    [Fact]
    public async Task The_loss_of_the_quorum_is_unknown_and_told_and_its_return_too()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        var revision = await Applied(store, [new("a", 0)], [Put("a", "1")]);
        await using var watch = new WatchLog(store);
        await watch.Next<StoreNews.Loaded>();
        await watch.Next<StoreNews.Reachable>();

        await rig.LoseQuorum();
        var began = rig.Now;
        var outcome = await store.Commit(new([new("a", revision)], [Put("a", "2")]), Cancel);
        Assert.IsType<RawOutcome.Unknown>(outcome);
        Assert.IsType<Observed<RawSnapshot>.Unknown>(await store.Read(["a"], Cancel));
        Assert.True(rig.Now - began < TimeSpan.FromSeconds(4), $"two calls took {rig.Now - began}");
        await watch.Next<StoreNews.Unreachable>();

        await rig.RestoreQuorum();
        await watch.Next<StoreNews.Reachable>();
        await SettleUnknown(store, revision);
    }

    [Fact]
    public async Task A_watch_goes_on_without_gaps_after_an_outage()
    {
        await using var rig = await NewRig();
        var (store, writer) = (rig.Connect(), rig.Connect());
        var revision = await Applied(writer, [new("a", 0)], [Put("a", "0")]);
        await using var watch = new WatchLog(store);
        await watch.Next<StoreNews.Loaded>();
        await watch.Next<StoreNews.Reachable>();
        revision = await Applied(writer, [new("a", revision)], [Put("a", "1")]);
        var expected = new List<string> { $"{revision} a=1" };
        await rig.LoseQuorum();
        await watch.Next<StoreNews.Unreachable>();
        await rig.RestoreQuorum();
        await watch.Next<StoreNews.Reachable>();
        for (var i = 2; i < 6; i++)
        {
            revision = await Applied(writer, [new("a", revision)], [Put("a", $"{i}")]);
            expected.Add($"{revision} a={i}");
        }
        Assert.Equal(expected, await watch.Changes(expected.Count));
    }

    [Fact]
    public async Task After_a_compaction_a_new_watch_starts_from_the_present()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        var revision = await Applied(store, [new("a", 0)], [Put("a", "1")]);
        revision = await Applied(store, [new("a", revision)], [Put("a", "2")]);
        await rig.Compact();
        await using var watch = new WatchLog(store);
        Assert.Equal("2", Text(Assert.Single((await watch.Next<StoreNews.Loaded>()).Snapshot.Entries)));
        revision = await Applied(store, [new("a", revision)], [Put("a", "3")]);
        Assert.Equal([$"{revision} a=3"], await watch.Changes(1));
    }

    [Fact]
    public async Task A_cancelled_call_is_unknown_or_answered_and_a_cancelled_watch_ends()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        await rig.LoseQuorum();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.IsType<RawOutcome.Unknown>(await store.Commit(new([new("a", 0)], [Put("a", "1")]), stop.Token));
        Assert.IsType<Observed<RawSnapshot>.Unknown>(await store.Read(["a"], stop.Token));
        await rig.RestoreQuorum();
        var watch = new WatchLog(store);
        await watch.Next<StoreNews.Loaded>();
        await watch.DisposeAsync();
    }

    [Fact]
    public async Task A_blind_write_is_a_bug()
    {
        await using var rig = await NewRig();
        var store = rig.Connect();
        await Assert.ThrowsAsync<ArgumentException>(() => store.Commit(new([], [Put("a", "1")]), Cancel));
    }

    protected static RawWrite Put(string key, string text) => new(key, Encoding.UTF8.GetBytes(text));

    protected static string? Text(RawEntry entry) => entry.Value is { } value ? Encoding.UTF8.GetString(value.Span) : null;

    protected static async Task<long> Applied(IClusterStore store, RawGuard[] guards, RawWrite[] writes)
    {
        var outcome = await store.Commit(new RawTransaction(guards, writes), Cancel);
        return outcome is RawOutcome.Applied applied ? applied.Revision : throw new Xunit.Sdk.XunitException($"not applied: {outcome}");
    }

    protected static async Task<RawSnapshot> Read(IClusterStore store, params string[] keys)
    {
        var seen = await store.Read(keys, Cancel);
        return seen is Observed<RawSnapshot>.Known known ? known.Value : throw new Xunit.Sdk.XunitException($"not read: {seen}");
    }

    /// <summary>The write of unknown outcome is there or not; either way the fact can be written again on what is read.</summary>
    private static async Task SettleUnknown(IClusterStore store, long revision)
    {
        var now = (await Read(store, "a")).Entries[0];
        Assert.True(now.ModRevision == revision ? Text(now) == "1" : Text(now) == "2");
        await Applied(store, [new("a", now.ModRevision)], [Put("a", "3")]);
        Assert.Equal("3", Text((await Read(store, "a")).Entries[0]));
    }
}
