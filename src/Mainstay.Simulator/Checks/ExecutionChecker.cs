using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>S1, S4, S6 and S9 where guests execute: on one host, only with a token, within memory, never stopped without need.</summary>
internal sealed class ExecutionChecker(VirtualWorld world, CheckerSet checks)
{
    private readonly SortedSet<GroupId> wanted = [];
    private readonly SortedSet<GroupId> takenOver = [];
    private readonly SortedDictionary<GroupId, OwnershipRecord> lost = [];
    private long restoredFrom;

    /// <summary>When a guest last began or ended: quiet is counted from here.</summary>
    public TimeSpan LastChange { get; private set; }

    /// <summary>Who owned what until now is not in the store any more; it was right nevertheless.</summary>
    public void StoreRestored()
    {
        restoredFrom = GroundTruth.Settings(world)?.Incarnation ?? 0;
        foreach (var entry in world.Etcd.Lost?.All ?? [])
        {
            if (entry is { Key: StoreKey.Ownership key, Value: OwnershipRecord own } && own.Incarnation >= (world.Etcd.LostIncarnation))
                lost[key.Id] = own;
        }
    }

    // Until a group was found again after a restore, only who owned it before may start it, as long as he has not noticed.
    private OwnershipRecord InForce(GroupId group, OwnershipRecord own) =>
        (GroundTruth.IsSuspended(world, group) || GroundTruth.Settings(world)?.Incarnation == restoredFrom)
            && lost.TryGetValue(group, out var before) ? before : own;

    /// <summary>The hook let a start pass.</summary>
    public void Approved(SimGuest guest, SimHost host, StartToken? token, bool byAgent)
    {
        if (GroundTruth.Spec(world, guest.Id) is null || GroundTruth.Ownership(world, guest.Id) is not { } own)
            return;
        own = InForce(guest.Id, own);
        var who = byAgent ? "the agent" : "somebody";
        if (token is null)
            checks.Violate("S4", $"{who} starts the protected guest {guest.Id} on {host.Id} without a token");
        else if (GroundTruth.OwnerIn(own.Phase) != new HostSession(host.Id, token.Session) || own.Epoch != token.Epoch)
            checks.Violate("S4", $"{who} starts {guest.Id} on {host.Id} with a token of epoch {token.Epoch}; the store says {Tell(own)}");
        else
            CheckStamp(guest, host, own, token);
    }

    public void Began(Execution execution, StartToken? token)
    {
        LastChange = world.Now;
        checks.Orders.Began(execution, token);
        var guest = execution.Guest;
        var isProtected = GroundTruth.Spec(world, guest.Id) is not null;
        foreach (var other in guest.Executions)
        {
            // S1: this is what everything else is for. A guest that was given back is its administrator's own.
            if (other != execution && isProtected && Executes(other) && !StorageTruth.IsHarmless(world, other))
                checks.Violate("S1", $"{guest.Id} executes on {other.Host.Id} since {Since(other)} and now on {execution.Host.Id} too");
        }

        var host = execution.Host;
        if (token is not null && host.Hypervisor.UsedMiB > host.MemoryMiB)
            checks.Violate("S6", $"{guest.Id} on {host.Id} takes {host.Hypervisor.UsedMiB} MiB of {host.MemoryMiB} MiB");
    }

    // S3: who starts it has the newest right that its disk knows of.
    private void CheckStamp(SimGuest guest, SimHost host, OwnershipRecord own, StartToken token)
    {
        if (world.Storage.StampOf(guest.Id) is not { } stamp)
            return;
        if (stamp.ClusterId != GroundTruth.Settings(world)?.ClusterId)
            checks.Violate("S3", $"{guest.Id} starts on {host.Id}, and its disk is that of {stamp.ClusterId}");
        else if ((stamp.Incarnation, stamp.Epoch.Number).CompareTo((own.Incarnation, token.Epoch.Number)) > 0)
            checks.Violate("S3", $"{guest.Id} starts on {host.Id} in epoch {token.Epoch} of incarnation {own.Incarnation}, "
                + $"and its disk says epoch {stamp.Epoch} of incarnation {stamp.Incarnation}");
    }

    /// <summary>S3: a newer right than ours, or another cluster's, is written over only on a person's word.</summary>
    public void Stamped(SimHost by, GroupId guest, DiskStamp stamp)
    {
        if (world.Storage.StampOf(guest) is not { } known || takenOver.Contains(guest))
            return;
        if (known.ClusterId != stamp.ClusterId
            || (known.Incarnation, known.Epoch.Number).CompareTo((stamp.Incarnation, stamp.Epoch.Number)) > 0)
            checks.Violate("S3", $"{by.Id} writes {stamp} over the stamp of {guest}, {known}");
    }

    /// <summary>The administrator knows that nobody else runs this guest.</summary>
    public void TakenOver(GroupId guest) => takenOver.Add(guest);


    /// <summary>A host got access to a storage: what it left behind there must not be able to write beside another execution.</summary>
    public void AccessGiven(SimHost host)
    {
        foreach (var domain in host.Hypervisor.All)
        {
            if (domain.Execution is { } execution && execution.Guest.Executions.Count > 1 && StorageTruth.CanWrite(world, execution))
                checks.Violate("S1", $"{execution.Guest.Id} can write again on {host.Id} while it executes elsewhere");
        }
    }

    /// <summary>Its host woke up, and the beacon there has had its say.</summary>
    public void Woke(SimHost host)
    {
        foreach (var domain in host.Hypervisor.All)
        {
            if (domain.Execution is not { } execution)
                continue;
            if (execution.Paused)
                execution.Hold();
            else
                GoesOn(execution);
        }
    }

    /// <summary>It executes again after a sleep or a pause.</summary>
    public void GoesOn(Execution execution)
    {
        var guest = execution.Guest;
        if (GroundTruth.Spec(world, guest.Id) is not null && !StorageTruth.IsHarmless(world, execution)
            && guest.Executions.Find(
                other => other != execution && Executes(other) && !StorageTruth.IsHarmless(world, other)) is { } other)
            checks.Violate("S1", $"{guest.Id} goes on on {execution.Host.Id} while it executes on {other.Host.Id} since {Since(other)}");
    }

    public void Ended() => LastChange = world.Now;

    /// <summary>The administrator asked for something that may stop this guest.</summary>
    public void StopWanted(GroupId guest) => wanted.Add(guest);

    /// <summary>The same of all guests of an application.</summary>
    public void StopWanted(string application)
    {
        foreach (var guest in world.Guests)
        {
            if (GroundTruth.Spec(world, guest.Id)?.Order.Application == application)
                wanted.Add(guest.Id);
        }
    }

    /// <summary>S9: an agent stops only what it does not own, or what is to stop.</summary>
    public void StopOrdered(SimHost host, GroupId id)
    {
        if (host.Hypervisor.Domain(id).Execution is null || wanted.Contains(id))
            return;
        if (GroundTruth.Spec(world, id) is not { Desired: DesiredState.Running } || GroundTruth.Ownership(world, id) is not { } own)
            return;
        if (own.OnIsolation == IsolationPolicy.Shutdown && host.Beacon.LeaseState is LeaseState.Frozen or LeaseState.Expired)
            return;
        if (own.Phase is OwnershipPhase.Claimed claimed
            && GroundTruth.Session(world, host.Id) is { State: SessionState.Online } session
            && claimed.Owner == new HostSession(host.Id, session.Session)
            && session.Boot == host.Boot && session.Leaving is null && !checks.Proofs.MustEnd(claimed.Owner)
            && !GroundTruth.IsDrained(world, host.Id))
        {
            checks.Violate("S9", $"the agent of {host.Id} stops {id}, which it owns and which is to run");
        }
    }

    private static bool Executes(Execution execution) => !execution.Host.Clocks.Asleep && !execution.Held;

    private static string Tell(OwnershipRecord own) => $"epoch {own.Epoch}, {own.Phase.Name} {GroundTruth.OwnerIn(own.Phase)}".TrimEnd();

    private string Since(Execution execution)
    {
        var since = (execution.Since - (world.Zero ?? TimeSpan.Zero)).TotalSeconds;
        return since.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture) + "s";
    }
}
