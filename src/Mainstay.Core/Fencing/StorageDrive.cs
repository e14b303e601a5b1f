using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Fencing;

/// <summary>
/// Cuts a session off from the storages of its guests, all at once. That it will be done is stored before it is done (S2): from then on
/// nobody gives the session back, and its host gets the storages back only with a new one.
/// </summary>
internal sealed class StorageDrive(NodeState state, OperationLedger ledger, Func<FenceCase, Proof, bool> prove)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan NewsIsFresh = TimeSpan.FromSeconds(1);

    /// <summary>A storage may forget (a server restarted, an expiry): while the host may live it is told again.</summary>
    private static readonly TimeSpan RenewEvery = TimeSpan.FromMinutes(5);

    /// <summary>Only for a session in Fencing, or one that is not proved dead for everything it did.</summary>
    public void Revoke(FenceCase fence)
    {
        if (!state.StoreReachable)
            return; // S5: nobody fences without quorum.
        var record = state.View.Fences.GetValueOrDefault(fence.Target)?.Value;
        var wanted = StorageRules.Useful(state.View, fence.Target);
        foreach (var proof in record?.Proofs.OfType<Proof.Storage>() ?? [])
            wanted[proof.Name] = wanted.GetValueOrDefault(proof.Name).Union(proof.Volumes).Order(StringComparer.Ordinal).ToValueList();
        if (record is null || wanted.Keys.Any(name => !record.Revocations.Contains(name)))
        {
            Announce(fence, record, wanted.Keys);
            return;
        }

        foreach (var (name, volumes) in wanted)
        {
            if (state.View.Storages.TryGetValue(name, out var storage))
                Revoke(fence, record, name, storage.Value, volumes);
        }
    }

    private void Announce(FenceCase fence, FenceRecord? record, IEnumerable<string> names)
    {
        var (key, fenceKey) = (new StoreKey.Session(fence.Target.Host), new StoreKey.Fence(fence.Target));
        if (record is null || ledger.IsBusy(key) || ledger.IsBusy(fenceKey))
            return;
        var next = record with
        {
            Revocations = record.Revocations.Union(names).Order(StringComparer.Ordinal).ToValueList(),
            RunsOn = record.RunsOn || StorageRules.RunsOn(state.View, fence.Target),
        };
        ledger.Persist(
            new StoreTransaction(
                [
                    state.GuardOf(key), state.GuardOf(fenceKey), state.GuardOf(new StoreKey.Leader()),
                    state.GuardOf(new StoreKey.Cluster()), state.GuardOf(new StoreKey.Host(fence.Target.Host)),
                    .. next.Revocations.Select(name => state.GuardOf(new StoreKey.Storage(name))),
                ],
                [new Change.Put(fenceKey, next)]),
            outcome => fence.AnnouncedAt = outcome is StoreOutcome.Applied ? state.Now : fence.AnnouncedAt);
    }

    private void Revoke(FenceCase fence, FenceRecord record, string name, StorageConfig storage, ValueList<string> volumes)
    {
        if (!fence.Storages.TryGetValue(name, out var tries))
            fence.Storages[name] = tries = new FenceCase.StorageTries();
        if (tries.Seen is { } seen && !IsRecorded(record, seen) && !prove(fence, seen))
            state.WakeAt(state.Now + state.Timing.BeaconPeriod);
        var hasMore = volumes.Any(volume => !tries.Asked.Contains(volume));
        if (tries.Tries.UnderWay)
            return;
        if (!hasMore && state.Now < tries.Tries.NotBefore)
        {
            state.WakeAt(tries.Tries.NotBefore);
            return;
        }

        (tries.Tries.UnderWay, tries.Asked) = (true, volumes);
        if (fence.AnnouncedAt is { } at && state.Now - at < NewsIsFresh)
            Act(fence, name, storage, tries);
        else
            ActIfStillMeant(fence, name, storage, tries);
    }

    private void ActIfStillMeant(FenceCase fence, string name, StorageConfig storage, FenceCase.StorageTries tries)
    {
        ValueList<StoreKey> keys = [new StoreKey.Session(fence.Target.Host), new StoreKey.Fence(fence.Target)];
        ledger.Ask(op => new NodeEffect.ReadStore(op, keys), input =>
        {
            if (state.TakeOver(input) && IsMeant(fence, name))
                Act(fence, name, storage, tries);
            else
                (tries.Tries.UnderWay, tries.Tries.NotBefore) = (false, state.Now + Pause);
        });
    }

    // S2: what is done to a session that may still return, or to a later one of that host, would cut off guests that nobody takes over.
    private bool IsMeant(FenceCase fence, string name) =>
        state.IsLeader && state.View.Armed && state.StoreReachable
        && state.View.Hosts.GetValueOrDefault(fence.Target.Host) is { Value.Maintenance: false }
        && state.View.Sessions.GetValueOrDefault(fence.Target.Host)?.Value is { } session && session.Session == fence.Target.Session
        && !state.View.HasFullProof(fence.Target)
        && state.View.Fences.GetValueOrDefault(fence.Target)?.Value.Revocations.Contains(name) == true;

    private void Act(FenceCase fence, string name, StorageConfig storage, FenceCase.StorageTries tries)
    {
        var volumes = tries.Asked;
        if (StorageRules.TargetOf(state.View, fence.Target) is not { } target)
        {
            tries.Tries.UnderWay = false;
            return;
        }

        ledger.Ask(op => new NodeEffect.RevokeStorage(op, target, name, storage, volumes), input =>
        {
            tries.Tries.UnderWay = false;
            switch ((input as NodeInput.StorageRevoked)?.Outcome ?? new RevokeOutcome.Unknown("no answer"))
            {
                case RevokeOutcome.Strong strong:
                    tries.Seen = new Proof.Storage($"{strong.Evidence}, seen by {state.Self}", name, volumes);
                    tries.Tries.NotBefore = state.Now + RenewEvery;
                    break;
                case RevokeOutcome.Weak weak:
                    Failed(fence, name, tries, $"no barrier, so no proof: {weak.Why}");
                    break;
                case RevokeOutcome.Unknown unknown:
                    Failed(fence, name, tries, unknown.Why);
                    break;
            }
        });
    }

    private void Failed(FenceCase fence, string name, FenceCase.StorageTries tries, string why)
    {
        if (tries.Tries.Failed(why, state.Now, Pause, LongestPause))
            state.Report(new Fact.FenceAttemptFailed(fence.Target, $"storage {name}", why));
    }

    private static bool IsRecorded(FenceRecord record, Proof.Storage seen)
    {
        var known = record.Proofs.OfType<Proof.Storage>().Where(proof => proof.Name == seen.Name).SelectMany(proof => proof.Volumes);
        return seen.Volumes.All(volume => known.Contains(volume));
    }
}
