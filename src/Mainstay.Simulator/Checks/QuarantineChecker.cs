using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>
/// S6 and L3 where hosts and guests are kept apart: a host in quarantine is given no guest, few are in quarantine, and a guest is held back
/// only when it was there when two hosts were lost.
/// </summary>
internal sealed class QuarantineChecker(VirtualWorld world, CheckerSet checks)
{
    private readonly SortedDictionary<HostId, TimeSpan> since = [];

    /// <summary>The store takes this record.</summary>
    public void Begins(SimHost by, HostId host, QuarantineRecord record)
    {
        since.TryAdd(host, world.Now);
        if (record.Cause != QuarantineCause.Person && since.Count > Math.Max(1, world.Hosts.Length / 4))
            checks.Violate("L1", $"{by.Id} puts {host} into quarantine, where {since.Count - 1} of {world.Hosts.Length} hosts are already");
    }

    public void Ends(HostId host) => since.Remove(host);

    /// <summary>What the store says now is what the cluster knows.</summary>
    public void StoreRestored()
    {
        foreach (var host in world.Hosts)
        {
            if (GroundTruth.InQuarantine(world, host.Id))
                since.TryAdd(host.Id, world.Now);
            else
                since.Remove(host.Id);
        }
    }

    /// <summary>The store takes this ownership of a group.</summary>
    public void Changes(SimHost by, GroupId group, OwnershipRecord? old, OwnershipRecord next)
    {
        if (next.Phase is OwnershipPhase.Assigned { Host: var to } && since.ContainsKey(to))
            checks.Violate("S6", $"{by.Id} gives {group} to {to}, which is in quarantine");
        if (old is { Phase: OwnershipPhase.Free, KeptFor: { } keeper } && next.Phase is OwnershipPhase.Assigned given
            && given.Host != keeper && world.Etcd.Value(new StoreKey.Host(keeper)) is not null // One that was taken out will not return.
            && GroundTruth.Session(world, keeper) is not { State: SessionState.Online, Leaving: null })
            checks.Violate("S6", $"{by.Id} gives {group} to {given.Host}, although it is kept for {keeper}, which is not back");
        if (next.Phase is OwnershipPhase.Blocked && next.Losses.Count > 0 && old?.Phase is not OwnershipPhase.Blocked)
            Held(by, group, next);
    }

    private void Held(SimHost by, GroupId group, OwnershipRecord next)
    {
        if (next.Losses.Select(loss => loss.Host).Distinct().Count() < 2)
            checks.Violate("L3", $"{by.Id} holds {group} back after the loss of one host: {next.Losses}");
        foreach (var loss in next.Losses)
        {
            if (checks.Proofs.BootOf(loss) is { } boot && !world.Guest(group).Boots.Contains(boot))
                checks.Violate("L3", $"{by.Id} holds {group} back for the loss of {loss}, in which it never executed");
        }
    }
}
