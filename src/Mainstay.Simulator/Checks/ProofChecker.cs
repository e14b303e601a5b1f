using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>S2: what the store calls a proof is true in the world at that moment.</summary>
internal sealed class ProofChecker(VirtualWorld world, CheckerSet checks)
{
    private readonly SortedDictionary<HostSession, BootId> boots = [];

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
        if (from != SessionState.Fencing || Recorded(session) || !withdrawn)
            checks.Violate("S2", $"{by.Id} brings {session} back to online from {from}, which a proof forbids or may forbid");
    }

    public void ProofsChange(SimHost by, HostSession target, FenceRecord record)
    {
        var known = world.Etcd.Value(new StoreKey.Fence(target)) is FenceRecord old ? old.Proofs.Count : 0;
        if (record.Proofs.Count < known)
            checks.Violate("S2", $"{by.Id} removes a proof of {target}");
        for (var i = known; i < record.Proofs.Count; i++)
            Check(by, target, record.Proofs[i]);
    }

    /// <summary>The guests of a session that a proof gives away: all, but by the lease not those that run on in isolation.</summary>
    private IEnumerable<SimDomain> GivenAway(HostSession target, Proof proof) => world.Host(target.Host).Hypervisor.All.Where(domain =>
        GroundTruth.OwnerOf(world, domain.Guest.Id) == target
        && (proof is not Proof.Lease || GroundTruth.Ownership(world, domain.Guest.Id)?.OnIsolation != IsolationPolicy.Keep));

    private bool MayStillWrite(SimDomain domain) => domain.LastEnd is { } at && world.Now - at < LeaseTerms.WritesLand;

    private void Check(SimHost by, HostSession target, Proof proof)
    {
        var host = world.Host(target.Host);
        if (proof is Proof.Lease && GivenAway(target, proof).Any(MayStillWrite))
            checks.Violate("S2", $"{by.Id} records the lease of {target} as run out, and writes of its guests may still be on their way");
        if (!host.PoweredOn || !boots.TryGetValue(target, out var boot) || host.Boot != boot)
            return;
        switch (proof)
        {
            case Proof.Orderly or Proof.Lease:
                var claim = proof is Proof.Lease ? $"the lease of {target} as run out" : $"an orderly stop of {target}";
                foreach (var domain in GivenAway(target, proof).Where(d => d.State == GuestRunState.Running && !host.Clocks.Asleep))
                    checks.Violate("S2", $"{by.Id} records {claim}, which still executes {domain.Guest.Id}");
                break;
            case Proof.Power when host.Bmc.Mode == BmcMode.Lying:
                break; // The device lied, not the decision. What follows from it shows in S1.
            default:
                checks.Violate("S2", $"{by.Id} records the proof '{proof.Kind}' for {target}, which is powered on in that very boot");
                break;
        }
    }
}
