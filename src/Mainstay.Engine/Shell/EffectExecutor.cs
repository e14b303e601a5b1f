using System.Collections.Concurrent;
using Mainstay.Core.Fencing;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Recovery;
using Mainstay.Engine.Ports;

namespace Mainstay.Engine.Shell;

/// <summary>Carries out one effect and turns its outcome into the input that answers it. A limit that ran out is Unknown (C6).</summary>
internal sealed class EffectExecutor(ShellPorts ports, StoreTranslator translator, EffectLimits limits) : IDisposable
{
    private readonly SemaphoreSlim store = new(limits.StoreAtOnce);
    private readonly SemaphoreSlim power = new(limits.PowerAtOnce);
    private readonly SemaphoreSlim storages = new(limits.StoragesAtOnce);
    private readonly SemaphoreSlim tokens = new(limits.TokensAtOnce);
    private readonly SemaphoreSlim starts = new(limits.StartsAtOnce);
    private readonly SemaphoreSlim stops = new(limits.StopsAtOnce);
    private readonly SemaphoreSlim stamps = new(limits.StampsAtOnce);
    private readonly SemaphoreSlim agents = new(limits.AgentsAtOnce);
    private readonly SemaphoreSlim queries = new(limits.QueriesAtOnce);
    private readonly ConcurrentDictionary<OperationId, TaskCompletionSource> offs = new();

    /// <summary>Ends the fence agent of a power-off that is under way; what it has sent already stays sent.</summary>
    public void Abandon(OperationId operation)
    {
        if (offs.TryGetValue(operation, out var unwanted))
            unwanted.TrySetResult();
    }

    /// <summary>Null for an effect that is not answered.</summary>
    public async Task<NodeInput?> Carry(NodeEffect effect, CancellationToken cancel)
    {
        var lane = Lane(effect);
        if (lane is null)
            return await CarryNow(effect, cancel).ConfigureAwait(false);
        await lane.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await CarryNow(effect, cancel).ConfigureAwait(false);
        }
        finally
        {
            lane.Release();
        }
    }

    public void Dispose()
    {
        foreach (var lane in (SemaphoreSlim[])[store, power, storages, tokens, starts, stops, stamps, agents, queries])
            lane.Dispose();
    }

    private SemaphoreSlim? Lane(NodeEffect effect) => effect switch
    {
        NodeEffect.Persist or NodeEffect.ReadStore => store,
        NodeEffect.ReadPower or NodeEffect.SwitchPowerOff => power,
        NodeEffect.RevokeStorage or NodeEffect.RestoreStorage => storages,
        NodeEffect.ArmToken or NodeEffect.RevokeToken or NodeEffect.AskConsent => tokens,
        NodeEffect.StartGuest => starts,
        NodeEffect.StopGuest => stops,
        NodeEffect.ReadStamps or NodeEffect.WriteStamps or NodeEffect.RemoveStamps => stamps,
        NodeEffect.AskAgent => agents,
        NodeEffect.ListGuests or NodeEffect.ForgetGuest or NodeEffect.SetAutostart or NodeEffect.ReadDefinition => queries,
        _ => null,
    };

    private async Task<NodeInput?> CarryNow(NodeEffect effect, CancellationToken cancel) => effect switch
    {
        NodeEffect.Persist e => new NodeInput.StorePersisted(e.Operation, await Persist(e, cancel).ConfigureAwait(false)),
        NodeEffect.ReadStore e => new NodeInput.StoreWasRead(e.Operation, await Read(e, cancel).ConfigureAwait(false)),
        NodeEffect.ReadPower e => new NodeInput.PowerRead(
            e.Operation,
            await TimeLimit.Within<Observed<PowerState>>(
                limits.PowerRead, c => ports.Fences.ReadPower(e.Method, limits.PowerRead, c), Late<PowerState>, cancel)
                    .ConfigureAwait(false)),
        NodeEffect.SwitchPowerOff e => new NodeInput.PowerSwitched(e.Operation, await SwitchOff(e, cancel).ConfigureAwait(false)),
        NodeEffect.RevokeStorage e => new NodeInput.StorageRevoked(
            e.Operation,
            await TimeLimit.Within<RevokeOutcome>(
                limits.Storage,
                c => ports.Storages.Revoke(e.Target, e.Storage, e.Volumes, limits.Storage, c),
                why => new RevokeOutcome.Unknown(why),
                cancel).ConfigureAwait(false)),
        NodeEffect.RestoreStorage e => new NodeInput.StorageRestored(
            e.Operation,
            await TimeLimit.Within<RestoreOutcome>(
                limits.Storage,
                c => ports.Storages.Restore(e.Target, e.Storage, limits.Storage, c),
                why => new RestoreOutcome.Failed(why),
                cancel).ConfigureAwait(false)),
        NodeEffect.ArmToken e => new NodeInput.TokenArmed(e.Operation, await Arm(e, cancel).ConfigureAwait(false)),
        NodeEffect.AskConsent e => new NodeInput.ConsentAnswered(
            e.Operation,
            await TimeLimit.Within(
                limits.Token, c => ports.Beacon.Consent(e.Number, e.Target.Session, e.SafeAfter, c), Late<ConsentAnswer>, cancel)
                .ConfigureAwait(false)),
        NodeEffect.RevokeToken e => new NodeInput.TokenRevoked(
            e.Operation, await Token(c => ports.Beacon.Revoke(e.Group, e.Uuid, c), cancel).ConfigureAwait(false)),
        NodeEffect.ListGuests e => new NodeInput.GuestsListed(
            e.Operation,
            await TimeLimit.Within(limits.GuestQuery, ports.Hypervisor.List, Late<GuestInventory>, cancel).ConfigureAwait(false)),
        NodeEffect.StartGuest e => await Act(
            e.Operation, limits.GuestStart, c => ports.Hypervisor.Start(e.Group, e.Uuid, e.Definition, c), cancel).ConfigureAwait(false),
        NodeEffect.StopGuest e => await Stop(e, cancel).ConfigureAwait(false),
        NodeEffect.AskAgent e => await Act(
            e.Operation, limits.AgentAnswer, c => ports.Hypervisor.AskAgent(e.Group, e.Uuid, c), cancel).ConfigureAwait(false),
        NodeEffect.ForgetGuest e => await Act(
            e.Operation, limits.GuestQuery, c => ports.Hypervisor.Forget(e.Group, e.Uuid, c), cancel).ConfigureAwait(false),
        NodeEffect.SetAutostart e => await Act(
            e.Operation, limits.GuestQuery, c => ports.Hypervisor.SetAutostart(e.Group, e.Uuid, e.Autostart, c), cancel)
            .ConfigureAwait(false),
        NodeEffect.ReadDefinition e => new NodeInput.DefinitionRead(
            e.Operation,
            await TimeLimit.Within(
                limits.GuestQuery, c => ports.Hypervisor.ReadDefinition(e.Group, c), Late<GuestDefinition?>, cancel).ConfigureAwait(false)),
        NodeEffect.ReadStamps e => new NodeInput.StampsRead(
            e.Operation,
            await TimeLimit.Within(limits.Stamp, c => ports.Stamps.Read(e.Definition, c), Late<ValueList<DiskStamp>>, cancel)
                .ConfigureAwait(false)),
        NodeEffect.WriteStamps e => await Act(
            e.Operation, limits.Stamp, c => ports.Stamps.Write(e.Definition, e.Stamp, c), cancel).ConfigureAwait(false),
        NodeEffect.RemoveStamps e => await Act(
            e.Operation, limits.Stamp, c => ports.Stamps.Remove(e.Definition, e.ClusterId, c), cancel).ConfigureAwait(false),
        NodeEffect.SaveStoreMark e => await Save(e, cancel).ConfigureAwait(false),
        _ => throw new InvalidOperationException($"The executor does not carry out {effect.GetType().Name}."),
    };

    private async Task<NodeInput?> Save(NodeEffect.SaveStoreMark effect, CancellationToken cancel)
    {
        await ports.Marks.Save(effect.Mark, cancel).ConfigureAwait(false);
        return null;
    }

    private async Task<FenceOutcome> SwitchOff(NodeEffect.SwitchPowerOff effect, CancellationToken cancel)
    {
        var unwanted = offs.GetOrAdd(effect.Operation, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            var switching = TimeLimit.Within<FenceOutcome>(
                limits.PowerSwitch,
                c => ports.Fences.SwitchOff(effect.Method, limits.PowerSwitch, c),
                why => new FenceOutcome.Unknown(why),
                end.Token);
            if (await Task.WhenAny(switching, unwanted.Task).ConfigureAwait(false) != switching)
                await end.CancelAsync().ConfigureAwait(false);
            return await switching.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new FenceOutcome.Unknown("it was called back");
        }
        finally
        {
            offs.TryRemove(effect.Operation, out _);
        }
    }

    private async Task<StoreOutcome> Persist(NodeEffect.Persist effect, CancellationToken cancel)
    {
        var raw = translator.Encode(effect.Transaction);
        var outcome = await TimeLimit.Within<RawOutcome>(
            limits.Store, c => ports.Store.Commit(raw, c), why => new RawOutcome.Unknown(why), cancel).ConfigureAwait(false);
        return outcome switch
        {
            RawOutcome.Applied applied => new StoreOutcome.Applied(applied.Revision),
            RawOutcome.Conflict => new StoreOutcome.Conflict(),
            RawOutcome.Unknown unknown => new StoreOutcome.Unknown(unknown.Why),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        };
    }

    private async Task<Observed<ValueList<StoreEntry>>> Read(NodeEffect.ReadStore effect, CancellationToken cancel)
    {
        string[] keys = [.. effect.Keys.Select(k => k.ToString())];
        var read = await TimeLimit.Within(limits.Store, c => ports.Store.Read(keys, c), Late<RawSnapshot>, cancel).ConfigureAwait(false);
        return read switch
        {
            Observed<RawSnapshot>.Known known => Whole(effect, translator.Decode(known.Value.Entries), known.Value.Revision),
            Observed<RawSnapshot>.Unknown unknown => new Observed<ValueList<StoreEntry>>.Unknown(unknown.Why),
            _ => throw new InvalidOperationException($"Unknown reading {read.GetType().Name}."),
        };
    }

    /// <summary>
    /// A value that exists but cannot be read must not look absent to the reader: the reading as a whole is unknown. An absent key carries
    /// the revision of the reading, so that the node can tell which of two news is the later.
    /// </summary>
    private static Observed<ValueList<StoreEntry>> Whole(NodeEffect.ReadStore effect, ValueList<StoreEntry> entries, long revision)
    {
        var unread = effect.Keys.FirstOrDefault(k => !entries.Any(e => e.Key == k && e.Value is not ForeignValue));
        return unread is null
            ? new Observed<ValueList<StoreEntry>>.Known(
                entries.Select(e => e.Value is null ? e with { ModRevision = revision } : e).ToValueList())
            : new Observed<ValueList<StoreEntry>>.Unknown($"{unread} has a value this version cannot read");
    }

    private Task<bool> Arm(NodeEffect.ArmToken e, CancellationToken cancel) =>
        Token(c => ports.Beacon.Arm(e.Group, e.Uuid, e.Epoch, e.Session, e.OnIsolation, e.Read, c), cancel);

    private Task<bool> Token(Func<CancellationToken, Task<bool>> call, CancellationToken cancel) =>
        TimeLimit.Within(limits.Token, call, _ => false, cancel);

    private Task<NodeInput?> Stop(NodeEffect.StopGuest effect, CancellationToken cancel)
    {
        var grace = effect.Mode switch
        {
            StopMode.Graceful => limits.StopGrace,
            StopMode.Ask => LeaseTerms.ShutdownGrace,
            StopMode.Destroy => TimeSpan.Zero,
        };
        return Act(
            effect.Operation,
            grace + limits.GuestStop,
            c => ports.Hypervisor.Stop(effect.Group, effect.Uuid, effect.Mode, grace, c),
            cancel);
    }

    private static async Task<NodeInput?> Act(
        OperationId operation, TimeSpan limit, Func<CancellationToken, Task<GuestOutcome>> call, CancellationToken cancel) =>
        new NodeInput.GuestActed(
            operation,
            await TimeLimit.Within(limit, call, why => new GuestOutcome.Unknown(why), cancel).ConfigureAwait(false));

    private static Observed<T> Late<T>(string why) => new Observed<T>.Unknown(why);
}
