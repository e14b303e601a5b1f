using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Health;

/// <summary>Publishes what this host has to give, when it changed enough to matter and not too often.</summary>
internal sealed class LoadPublisher(NodeState state, OperationLedger ledger, LocalGuests guests)
{
    private const int LoadStep = 10;
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(5);

    private HostLoad? measured;
    private Instant notBefore;

    public void OnMeasured(NodeInput.LoadMeasured seen) => measured = Load(seen);

    public bool IsAsMeasured(NodeInput.LoadMeasured seen) => Load(seen) == measured;

    /// <summary>
    /// S6: the transaction that gives guests back which run on. What they take is no longer counted by ownership, and the next measurement
    /// would come too late: it is counted as taken in the same moment.
    /// </summary>
    public StoreTransaction With(StoreTransaction givingBack, long memoryMiB)
    {
        var key = new StoreKey.Load(state.Self);
        return memoryMiB > 0 && state.View.Loads.GetValueOrDefault(state.Self)?.Value is { } load
            ? new StoreTransaction(
                givingBack.Guards.Add(state.GuardOf(key)),
                givingBack.Changes.Add(new Change.Put(key, load with { UsedMiB = load.UsedMiB + memoryMiB })))
            : givingBack;
    }

    /// <summary>It was counted as protected when this was measured.</summary>
    public void OnGivenBack(long memoryMiB)
    {
        if (measured is { } seen)
            measured = seen with { UsedMiB = seen.UsedMiB + memoryMiB };
    }

    public void Run()
    {
        var key = new StoreKey.Load(state.Self);
        if (measured is null || state.Session is not { } session || !state.StoreReachable || ledger.IsBusy(key)
            || state.View.IsWitness(state.Self))
            return;
        var next = measured with { Session = session };
        var published = state.View.Loads.GetValueOrDefault(state.Self)?.Value;
        // When the last write had no answer there may be nothing else to write for long: this one shows whether the store takes writes.
        if (published is not null && !Matters(published, next) && state.WriteFault is null)
            return;
        var urgent = published is null || published.Session != session || published.HypervisorOk != next.HypervisorOk
            || published.Health.StuckMonitors != next.Health.StuckMonitors;
        if (!urgent && state.Now < notBefore)
        {
            state.WakeAt(notBefore);
            return;
        }

        notBefore = state.Now + Spacing;
        ledger.Persist(
            new StoreTransaction([state.GuardOf(key), state.GuardOf(new StoreKey.Session(state.Self))], [new Change.Put(key, next)]), _ =>
                { });
    }

    private HostLoad Load(NodeInput.LoadMeasured seen) =>
        new(default, seen.MemoryMiB, Math.Max(0, seen.UsedMiB - guests.ProtectedMiB), seen.LoadPercent, seen.HypervisorOk)
        {
            Health = seen.Health,
            Cores = seen.Cores,
        };

    // A twentieth of the memory, ten points of load, or a disk that became twice as fast or slow where that is worth a word.
    private static bool Matters(HostLoad old, HostLoad next) =>
        old.Session != next.Session || old.HypervisorOk != next.HypervisorOk || old.MemoryMiB != next.MemoryMiB
        || old.Cores != next.Cores
        || Math.Abs(old.UsedMiB - next.UsedMiB) * 20 > next.MemoryMiB
        || Math.Abs(old.LoadPercent - next.LoadPercent) >= LoadStep
        || old.Health.StuckMonitors != next.Health.StuckMonitors || old.Health.LinkFlaps != next.Health.LinkFlaps
        || DiskMatters(old.Health.DiskLatency, next.Health.DiskLatency);

    private static bool DiskMatters(TimeSpan? old, TimeSpan? next) =>
        (old is null) != (next is null)
        || (old is { } before && next is { } now && (before >= GrayRules.DiskWorthAWord || now >= GrayRules.DiskWorthAWord)
            && (now > before * 2 || before > now * 2));
}
