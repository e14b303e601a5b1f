using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;
using Mainstay.Core.Restoration;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>S2: what the store calls a proof is true in the world at that moment.</summary>
internal sealed class ProofChecker(VirtualWorld world, CheckerSet checks)
{
    private readonly SortedDictionary<HostSession, BootId> boots = [];
    private readonly SortedSet<HostSession> cutOff = [];
    private readonly SortedSet<HostSession> ended = [];
    private readonly SortedSet<string> endedBoots = new(StringComparer.Ordinal);

    /// <summary>
    /// Something was done to this session, while it was being fenced, that cannot be undone: it cannot go on, whatever is restored.
    /// </summary>
    public bool MustEnd(HostSession session) => cutOff.Contains(session);

    /// <summary>The boot a session belongs to; null when it never began.</summary>
    public BootId? BootOf(HostSession session) => boots.TryGetValue(session, out var boot) ? boot : null;

    /// <summary>A proof for this session stands in the store, or is written by this very transaction.</summary>
    public bool Recorded(HostSession session, StoreTransaction? with = null)
    {
        var key = new StoreKey.Fence(session);
        if (world.Etcd.Value(key) is FenceRecord { Proofs.IsEmpty: false })
            return true;
        return with is not null && with.Changes.Any(
            change => change is Change.Put { Value: FenceRecord { Proofs.IsEmpty: false } } && change.Key == key);
    }

    public void SessionChanges(SimHost by, StoreTransaction transaction, HostId host, SessionRecord next)
    {
        var session = new HostSession(host, next.Session);
        boots[session] = next.Boot;
        var old = GroundTruth.Session(world, host);
        if (old is { State: SessionState.Fencing or SessionState.Fenced })
            checks.Fences.HeldUntilNow(new HostSession(host, old.Session));
        var oldState = old?.Session == next.Session ? old.State : (SessionState?)null;
        if (next.State == SessionState.Fenced && oldState != SessionState.Fenced && !Recorded(session, transaction))
            checks.Violate("S2", $"{by.Id} calls {session} fenced without a proof");
        if (next.State == SessionState.Left && oldState != SessionState.Left)
            Leaves(by, transaction, session);
        if (oldState == SessionState.Left && next.State != SessionState.Left)
            checks.Violate("S5", $"{by.Id} makes {session} {next.State} although it left in order");
        if (next.State == SessionState.Online && oldState is not null and not SessionState.Online)
            Returns(by, transaction, session, oldState);
        if (next.State == SessionState.Fencing && oldState == SessionState.Online)
            checks.Fences.Committed(by, session, next.Boot);
    }

    /// <summary>By its own hand, with the proof in the same transaction, and with nothing protected left on it.</summary>
    private void Leaves(SimHost by, StoreTransaction transaction, HostSession session)
    {
        if (by.Id != session.Host || !Recorded(session, transaction))
            checks.Violate("S2", $"{by.Id} says that {session} left in order, without a proof or for another host");
        foreach (var domain in by.Hypervisor.All)
        {
            if (domain.State == GuestRunState.Running && GroundTruth.Spec(world, domain.Guest.Id) is not null)
                checks.Violate("S2", $"{session} leaves while {domain.Guest.Id} executes on it");
        }
    }

    /// <summary>Only from Fencing, only while no proof exists, never beside one: the fence record goes in the same transaction.</summary>
    private void Returns(SimHost by, StoreTransaction transaction, HostSession session, SessionState? from)
    {
        var key = new StoreKey.Fence(session);
        var withdrawn = transaction.Changes.Any(c => c is Change.Delete && c.Key == key) && transaction.Guards.Any(g => g.Key == key);
        var committed = world.Etcd.Value(key) is FenceRecord { Revocations.IsEmpty: false } or FenceRecord { Silences.IsEmpty: false };
        if (from != SessionState.Fencing || Recorded(session) || committed || !withdrawn)
            checks.Violate("S2", $"{by.Id} brings {session} back to online from {from}, which a proof forbids or may forbid");
    }

    public void ProofsChange(SimHost by, HostSession target, FenceRecord record)
    {
        var old = world.Etcd.Value(new StoreKey.Fence(target)) as FenceRecord;
        var known = old?.Proofs.Count ?? 0;
        if (record.Proofs.Count < known)
            checks.Violate("S2", $"{by.Id} removes a proof of {target}");
        if (old is not null && old.Revocations.Any(storage => !record.Revocations.Contains(storage)))
            checks.Violate("S2", $"{by.Id} forgets that {target} is being cut off from a storage");
        if (SpentRules.IsSpent(record) && GroundTruth.Session(world, target.Host) is { State: not SessionState.Online } session
            && session.Session == target.Session)
            cutOff.Add(target);
        if (record.Frozen is not null && old?.Frozen is null)
            FreezeShown(by, target);
        for (var i = known; i < record.Proofs.Count; i++)
            Check(by, target, record.Proofs[i]);
    }

    /// <summary>A recorded proof, or one of this transaction, gives this group away, and what it says of storages is true.</summary>
    public bool GivesAway(HostSession owner, GroupId group, StoreTransaction transaction)
    {
        var key = new StoreKey.Fence(owner);
        var written = transaction.Changes.OfType<Change.Put>().FirstOrDefault(put => put.Key == key)?.Value as FenceRecord;
        if ((written ?? world.Etcd.Value(key) as FenceRecord) is not { } fence || GroundTruth.Ownership(world, group) is not { } own)
            return false;
        if (fence.Proofs.Any(proof => proof is not (Proof.Lease or Proof.Storage)))
            return true;
        if (fence.Proofs.Any(proof => proof is Proof.Lease) && own.OnIsolation != IsolationPolicy.Keep)
            return true;
        var (host, disks) = (world.Host(owner.Host), world.Guest(group).Disks);
        var cutOff = disks.All(disk => StorageTruth.StorageOf(world, disk) is { } storage
            && fence.Proofs.Any(proof => proof is Proof.Storage about && about.Name == storage.Name)
            && (!storage.MayWrite(host) || storage.Mode == StorageMode.Lying));
        return !disks.IsEmpty && cutOff && (own.StorageProof == StorageProofPolicy.Always
            || (own.StorageProof == StorageProofPolicy.Frozen && fence.Frozen is not null
                && own.OnIsolation == IsolationPolicy.FreezeThenKill));
    }

    /// <summary>A storage takes writes of this host again.</summary>
    public void StorageRestored(SimStorage storage, SimHost host)
    {
        if (GroundTruth.Session(world, host.Id) is not { } session)
            return;
        var old = new HostSession(host.Id, session.Session);
        var key = new StoreKey.Fence(old);
        if (world.Etcd.Value(key) is FenceRecord { Revocations.IsEmpty: false } fence
            && !fence.Proofs.Any(proof => proof is not (Proof.Lease or Proof.Storage)) && !WasProved(old))
            checks.Violate("S2", $"{host.Id} takes {storage.Name} back although the end of session {session.Session} is not proved");
        checks.Executions.AccessGiven(host);
    }

    /// <summary>
    /// A proof of its end, or that of its boot, was in the store at some time: what was asked for on that may be done after a restore.
    /// </summary>
    private bool WasProved(HostSession session) =>
        ended.Contains(session) || (boots.TryGetValue(session, out var boot) && endedBoots.Contains(boot.Text));

    // A living beacon there holds every guest that this would give away, if its disks are cut off.
    private void FreezeShown(SimHost by, HostSession target)
    {
        var host = world.Host(target.Host);
        if (!host.PoweredOn || !boots.TryGetValue(target, out var boot) || host.Boot != boot)
            return;
        foreach (var domain in host.Hypervisor.All)
        {
            if (GroundTruth.OwnerOf(world, domain.Guest.Id) == target && domain.Execution is { } execution
                && GroundTruth.Ownership(world, domain.Guest.Id) is { OnIsolation: IsolationPolicy.FreezeThenKill }
                && !StorageTruth.IsHeld(execution))
                checks.Violate("S2", $"{by.Id} takes the guests of {target} for paused, and {domain.Guest.Id} goes on");
        }
    }

    /// <summary>The guests of a session that a proof gives away: all, but by the lease not those that run on in isolation.</summary>
    private IEnumerable<SimDomain> GivenAway(HostSession target, Proof proof) => world.Host(target.Host).Hypervisor.All.Where(domain =>
        GroundTruth.OwnerOf(world, domain.Guest.Id) == target
        && (proof is not Proof.Lease || GroundTruth.Ownership(world, domain.Guest.Id)?.OnIsolation != IsolationPolicy.Keep));

    private bool MayStillWrite(SimDomain domain) => domain.LastEnd is { } at && world.Now - at < LeaseTerms.WritesLand;

    private void Check(SimHost by, HostSession target, Proof proof)
    {
        var host = world.Host(target.Host);
        if (proof is not (Proof.Lease or Proof.Storage))
            ended.Add(target);
        if (proof is Proof.Power or Proof.NewBoot or Proof.CrashDump && boots.TryGetValue(target, out var over))
            endedBoots.Add(over.Text);
        if (proof is Proof.Lease && GivenAway(target, proof).Any(MayStillWrite))
            checks.Violate("S2", $"{by.Id} records the lease of {target} as run out, and writes of its guests may still be on their way");
        if (!host.PoweredOn || !boots.TryGetValue(target, out var boot) || host.Boot != boot)
            return;
        switch (proof)
        {
            case Proof.Storage storage:
                foreach (var disk in storage.Volumes)
                {
                    if (StorageTruth.StorageOf(world, disk) is not { } at || (at.MayWrite(host) && at.Mode != StorageMode.Lying))
                        checks.Violate("S2", $"{by.Id} records {target} as cut off from {storage.Name}, and it can write to {disk}");
                }

                break;
            case Proof.Orderly or Proof.Lease:
                var claim = proof is Proof.Lease ? $"the lease of {target} as run out" : $"an orderly stop of {target}";
                foreach (var domain in GivenAway(target, proof).Where(d => d.State == GuestRunState.Running && !host.Clocks.Asleep))
                    checks.Violate("S2", $"{by.Id} records {claim}, which still executes {domain.Guest.Id}");
                break;
            case Proof.CrashDump or Proof.NewBoot when host.Dumps:
                break; // Its kernel has panicked: nothing of that boot runs any more, whichever machine says so.
            case Proof.Power when host.Bmc.Mode == BmcMode.Lying:
                break; // The device lied, not the decision. What follows from it shows in S1.
            default:
                checks.Violate("S2", $"{by.Id} records the proof '{proof.Kind}' for {target}, which is powered on in that very boot");
                break;
        }
    }
}
