using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Core.Recovery;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>S2, S3 and L2 where ownership changes: guarded, with rising epochs, after a proof or the own confirmed stop only.</summary>
internal sealed class StoreChecker(VirtualWorld world, CheckerSet checks)
{
    private const int ClaimsPerMinute = 15;

    private readonly SortedDictionary<GroupId, (long Incarnation, Epoch Epoch, HostSession Owner)> lastOwner = [];
    private readonly SortedDictionary<GroupId, List<TimeSpan>> claims = [];

    /// <summary>When an ownership last changed: quiet is counted from here.</summary>
    public TimeSpan LastOwnershipChange { get; private set; }

    public void Arrives(SimHost by, StoreTransaction transaction)
    {
        if (transaction.Guards.IsEmpty)
            checks.Violate("S3", $"{by.Id} changes {string.Join(", ", transaction.Changes.Select(c => c.Key))} without any guard");
        if (transaction.Changes.Count > StoreTransaction.MaxChanges)
            checks.Violate("S3", $"{by.Id} sends {transaction.Changes.Count} changes at once, more than the store takes");
    }

    /// <summary>Called with all guards holding, before the changes are made.</summary>
    public void Applies(SimHost by, StoreTransaction transaction)
    {
        foreach (var change in transaction.Changes.AsSpan())
        {
            if (world.Etcd.IsForeignTo(by, change.Key))
                checks.Violate("S3", $"{by.Id} writes over {change.Key}, which its version cannot read");
            switch (change)
            {
                case Change.Put { Value: OwnershipRecord record, Key: StoreKey.Ownership key }:
                    Guarded(by, transaction, key);
                    checks.Quarantines.Changes(by, key.Id, GroundTruth.Ownership(world, key.Id), record);
                    checks.Yields.Changes(by, key.Id, record);
                    checks.Rules.Changes(by, transaction, key.Id, record);
                    checks.Recoveries.Changes(by, key.Id, GroundTruth.Ownership(world, key.Id), record);
                    Changes(by, transaction, key.Id, record);
                    break;
                case Change.Delete { Key: StoreKey.Ownership key }:
                    Guarded(by, transaction, key);
                    Leaves(by, transaction, key.Id, null);
                    lastOwner.Remove(key.Id);
                    break;
                case Change.Put { Value: GroupSpec spec, Key: StoreKey.Group key }:
                    checks.Orders.Changes(key.Id, spec);
                    break;
                case Change.Put { Value: SessionRecord record, Key: StoreKey.Session key }:
                    checks.Proofs.SessionChanges(by, transaction, key.Id, record);
                    break;
                case Change.Put { Value: FenceRecord record, Key: StoreKey.Fence key }:
                    checks.Proofs.ProofsChange(by, key.Target, record);
                    checks.Recoveries.Proved(key.Target, record);
                    break;
                case Change.Put { Value: QuarantineRecord record, Key: StoreKey.Quarantine key }:
                    checks.Quarantines.Begins(by, key.Id, record);
                    break;
                case Change.Delete { Key: StoreKey.Quarantine key }:
                    checks.Quarantines.Ends(key.Id);
                    break;
                case Change.Put { Value: ClusterSettings settings }:
                    checks.Fences.ArmedChanges(settings.Armed);
                    break;
                case Change.Put { Value: HostConfig config, Key: StoreKey.Host key }:
                    checks.Fences.MaintenanceChanges(key.Id, config.Maintenance);
                    break;
            }
        }
    }

    private void Guarded(SimHost by, StoreTransaction transaction, StoreKey.Ownership key)
    {
        if (!transaction.Guards.Any(guard => guard.Key == key))
            checks.Violate("S3", $"{by.Id} changes the ownership of {key.Id} without a guard on it");
    }

    private void Changes(SimHost by, StoreTransaction transaction, GroupId group, OwnershipRecord next)
    {
        LastOwnershipChange = world.Now;
        var old = GroundTruth.Ownership(world, group);
        if (old is not null && (next.Incarnation, next.Epoch.Number).CompareTo((old.Incarnation, old.Epoch.Number)) < 0)
            checks.Violate("S3", $"{by.Id} lowers the epoch of {group} from {old.Epoch} to {next.Epoch}");
        Leaves(by, transaction, group, next);
        if (next.Phase is not OwnershipPhase.Claimed claimed)
            return;
        if (lastOwner.TryGetValue(group, out var last) && last.Owner != claimed.Owner
            && (next.Incarnation, next.Epoch.Number).CompareTo((last.Incarnation, last.Epoch.Number)) <= 0)
            checks.Violate("S3", $"{claimed.Owner} owns {group} in epoch {next.Epoch}, which {last.Owner} had in epoch {last.Epoch}");
        if (old?.Phase is not OwnershipPhase.Claimed)
            CountClaim(group);
        lastOwner[group] = (next.Incarnation, next.Epoch, claimed.Owner);
        if (GroundTruth.OwnerOf(world, group) == claimed.Owner && old?.Epoch == next.Epoch && old.Incarnation == next.Incarnation)
            return; // W and A of the table: the owner writes about what it owns already.
        var session = transaction.Changes.OfType<Change.Put>()
            .FirstOrDefault(put => put.Key is StoreKey.Session key && key.Id == claimed.Owner.Host)?.Value as SessionRecord
            ?? GroundTruth.Session(world, claimed.Owner.Host);
        if (session is not { State: SessionState.Online } || session.Session != claimed.Owner.Session)
            checks.Violate("S2", $"{group} is claimed by {claimed.Owner}, whose session is {session?.State.ToString() ?? "unknown"}");
    }

    /// <summary>S2: the old owner is proved dead, or it is the one that lets go and nothing of the guest is left on it.</summary>
    private void Leaves(SimHost by, StoreTransaction transaction, GroupId group, OwnershipRecord? next)
    {
        if (GroundTruth.IsSuspended(world, group))
        {
            LeavesBackup(by, group, next);
            return;
        }

        if (GroundTruth.OwnerOf(world, group) is not { } owner || GroundTruth.OwnerIn(next?.Phase) == owner)
            return;
        if (checks.Proofs.GivesAway(owner, group, transaction))
            return;
        var to = next is null ? "nobody" : next.Phase.Name;
        if (by.Id != owner.Host)
        {
            checks.Violate("S2", $"{by.Id} takes {group} from {owner} to {to} without a proof");
            return;
        }

        var session = GroundTruth.Session(world, owner.Host);
        if (session?.Session != owner.Session)
            checks.Violate("S2", $"{by.Id} lets go of {group} for its earlier session {owner.Session} without a proof");
        else if (next is not null && by.Hypervisor.Domain(group).State != GuestRunState.Stopped)
            checks.Violate("S2", $"{by.Id} lets go of {group}, which still executes on it");
    }

    private bool IsHarmless(GroupId group, SimHost host) =>
        world.Guest(group).Executions.Find(execution => execution.Host == host) is { } copy && StorageTruth.IsHarmless(world, copy);

    /// <summary>
    /// S1: what comes out of a backup goes on where it runs, or is free when it runs nowhere. An old copy that its storage has cut off, and
    /// that its policy bears, was left behind in the lost time: it harms nothing and is stopped when its host is back.
    /// </summary>
    private void LeavesBackup(SimHost by, GroupId group, OwnershipRecord? next)
    {
        if (next is not null && next.Incarnation < GroundTruth.Settings(world)?.Incarnation)
            return; // It stays suspended.
        var owner = GroundTruth.OwnerIn(next?.Phase)?.Host;
        foreach (var host in world.Hosts)
        {
            if (host.Id != owner && host.Hypervisor.Domain(group).State != GuestRunState.Stopped
                && (owner is null || !IsHarmless(group, host)))
                checks.Violate("S2", $"{by.Id} takes {group} out of a backup to {next?.Phase.Name ?? "nobody"} {owner}, "
                    + $"and it executes on {host.Id}");
        }
    }

    /// <summary>How often a group failed to start is forgotten with the lost time, and its pauses begin anew.</summary>
    public void StoreRestored() => claims.Clear();

    private void CountClaim(GroupId group)
    {
        if (world.Zero is null)
            return;
        if (!claims.TryGetValue(group, out var times))
            claims[group] = times = [];
        times.RemoveAll(at => world.Now - at > TimeSpan.FromMinutes(1));
        times.Add(world.Now);
        if (times.Count > ClaimsPerMinute)
            checks.Violate("L2", $"{group} changed its owner more than {ClaimsPerMinute} times within a minute");
    }
}
