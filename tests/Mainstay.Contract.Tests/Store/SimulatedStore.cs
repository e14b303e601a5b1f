using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Mainstay.Contract.Tests.Simulated;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Engine.Ports;
using Mainstay.Simulator.World;

namespace Mainstay.Contract.Tests.Store;

/// <summary>The simulator's etcd as one host's agent has it. The contract's names and texts travel as groups and definitions.</summary>
internal sealed class SimulatedStore(VirtualDriver driver, SimHost host) : IClusterStore
{
    public async Task<RawOutcome> Commit(RawTransaction transaction, CancellationToken cancel)
    {
        var outcome = await Limited<StoreOutcome?>(
            (world, reply) =>
            {
                world.Etcd.Commit(host, Encode(transaction), seen => reply(seen));
                // The twin takes a blind write for what it is at once: a finding.
                if (transaction.Guards.Count == 0)
                    world.After(TimeSpan.FromSeconds(1) / 2, () => reply(world.Checks.Found.Any(f => f.Rule == "S3") ? null : Late()));
            },
            Late,
            cancel);
        return outcome switch
        {
            StoreOutcome.Applied applied when transaction.Guards.Count > 0 => new RawOutcome.Applied(applied.Revision),
            StoreOutcome.Conflict => new RawOutcome.Conflict(),
            StoreOutcome.Unknown unknown => new RawOutcome.Unknown(unknown.Why),
            _ => throw new ArgumentException("A blind write, which the simulator reports as a breach of S3.", nameof(transaction)),
        };

        static StoreOutcome Late() => new StoreOutcome.Unknown("cancelled");
    }

    public async Task<Observed<RawSnapshot>> Read(IReadOnlyList<string> keys, CancellationToken cancel)
    {
        var asked = keys.Select(Key).ToValueList();
        var seen = await Limited<Observed<ValueList<StoreEntry>>>(
            (world, reply) => world.Etcd.Read(host, asked, reply),
            () => new Observed<ValueList<StoreEntry>>.Unknown("cancelled"),
            cancel);
        return seen switch
        {
            Observed<ValueList<StoreEntry>>.Known known => new Observed<RawSnapshot>.Known(new RawSnapshot(
                [.. known.Value.Select(Decode)], known.Value.Max(entry => entry.ModRevision))),
            Observed<ValueList<StoreEntry>>.Unknown unknown => new Observed<RawSnapshot>.Unknown(unknown.Why),
        };
    }

    public async IAsyncEnumerable<StoreNews> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        var news = Channel.CreateUnbounded<StoreNews>();
        await driver.Listen(host, input =>
        {
            if (Translate(input) is { } heard)
                news.Writer.TryWrite(heard);
        });
        await driver.Do(world => world.Etcd.AgentStarted(host));
        try
        {
            await foreach (var heard in news.Reader.ReadAllAsync(cancel))
                yield return heard;
        }
        finally
        {
            await driver.Do(world => world.Etcd.AgentGone(host));
            await driver.Listen(host, null);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<T> Limited<T>(Action<VirtualWorld, Action<T>> call, Func<T> cancelled, CancellationToken cancel)
    {
        try
        {
            return await driver.Ask(call, cancel);
        }
        catch (OperationCanceledException)
        {
            return cancelled();
        }
    }

    private static StoreNews? Translate(NodeInput input) => input switch
    {
        NodeInput.StoreLoaded loaded => new StoreNews.Loaded(
            new RawSnapshot([.. loaded.Entries.Select(Decode)], loaded.Revision), loaded.StoreId),
        NodeInput.StoreChanged changed => new StoreNews.Changed(
            [.. changed.Entries.Select(entry => Decode(entry) with { ModRevision = changed.Revision })], changed.Revision),
        NodeInput.StoreReachable { Reachable: true } => new StoreNews.Reachable(),
        NodeInput.StoreReachable lost => new StoreNews.Unreachable(lost.Why),
        _ => null,
    };

    private static StoreTransaction Encode(RawTransaction transaction) => new(
        transaction.Guards.Select(guard => new Guard(Key(guard.Key), guard.ModRevision)).ToValueList(),
        transaction.Writes.Select(Encode).ToValueList());

    private static Change Encode(RawWrite write) => write.Value is { } value
        ? new Change.Put(Key(write.Key), Value(Encoding.UTF8.GetString(value.Span)))
        : new Change.Delete(Key(write.Key));

    private static StoreKey Key(string name) => new StoreKey.Group(new GroupId(name));

    private static GroupSpec Value(string text) => new(
        "", text, 0, DesiredState.Running, "", ForceStop: false, GuestShutdownPolicy.StayDown, WasAutostart: false, null);

    private static RawEntry Decode(StoreEntry entry) => (entry.Key, entry.Value) switch
    {
        (StoreKey.Group key, GroupSpec spec) => new RawEntry(key.Id.Name, Encoding.UTF8.GetBytes(spec.Definition), entry.ModRevision),
        (StoreKey.Group key, null) => new RawEntry(key.Id.Name, null, 0),
        _ => throw new InvalidOperationException($"The contract did not write {entry.Key}."),
    };
}
