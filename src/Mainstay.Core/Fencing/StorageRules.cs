using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Fencing;

/// <summary>Which storages a session is to be cut off from: questions to the store's facts.</summary>
public static class StorageRules
{
    /// <summary>
    /// The storages, and on each the disks, whose loss would let guests of the session run elsewhere. A guest with a disk on no storage
    /// that can be cut off, or whose policy does not allow it, gains nothing by the loss of the others.
    /// </summary>
    public static SortedDictionary<string, ValueList<string>> Useful(ClusterView view, HostSession target)
    {
        var useful = new SortedDictionary<string, ValueList<string>>(StringComparer.Ordinal);
        if (view.Storages.IsEmpty)
            return useful;
        var disks = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (group, own) in view.Ownerships)
        {
            if (OwnershipRules.OwnerOf(own.Value) == target && view.Groups.TryGetValue(group, out var spec)
                && CanUse(view, target, own.Value) && CanBeCutOff(view, spec.Value))
                disks.UnionWith(spec.Value.Disks);
        }

        foreach (var (name, storage) in view.Storages)
        {
            var volumes = disks.Where(storage.Value.Holds).ToValueList();
            if (!volumes.IsEmpty)
                useful[name] = volumes;
        }

        return useful;
    }

    /// <summary>The session with what a storage may know of its host; null when it is no member any more.</summary>
    public static StorageTarget? TargetOf(ClusterView view, HostSession session) =>
        view.Hosts.GetValueOrDefault(session.Host)?.Value is { } host ? new StorageTarget(session, host.Number, host.Addresses) : null;

    /// <summary>Every disk that the guest can write to lies on a storage that can be cut off.</summary>
    public static bool CanBeCutOff(ClusterView view, GroupSpec spec) =>
        !spec.Disks.IsEmpty && spec.Disks.All(disk => view.Storages.Values.Any(storage => storage.Value.Holds(disk)));

    /// <summary>Guests of the session run on in isolation.</summary>
    public static bool RunsOn(ClusterView view, HostSession target) => view.Ownerships.Values.Any(
        own => own.Value.OnIsolation == IsolationPolicy.Keep && OwnershipRules.OwnerOf(own.Value) == target);

    /// <summary>Something was done to the session that it cannot take back: it may not go on as it is.</summary>
    internal static bool IsCommitted(FenceRecord? fence, ProtocolGuards guards) => fence is not null
        && ((guards.NoReturnAfterProof && !fence.Proofs.IsEmpty)
            || (guards.NoReturnAfterConsent && !(fence.Consents.IsEmpty && fence.Silences.IsEmpty))
            || !fence.Revocations.IsEmpty || fence.Spent);

    private static bool CanUse(ClusterView view, HostSession target, OwnershipRecord own) => own.StorageProof switch
    {
        StorageProofPolicy.Never => false,
        StorageProofPolicy.Always => true,
        StorageProofPolicy.Frozen => own.OnIsolation == IsolationPolicy.FreezeThenKill
            && view.Sessions.GetValueOrDefault(target.Host)?.Value is { Lease: not null } session && session.Session == target.Session,
    };
}
