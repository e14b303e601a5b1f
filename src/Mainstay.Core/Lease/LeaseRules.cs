using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Lease;

/// <summary>Who keeps the leases, what a host promises, and when consents suffice: questions to the store's facts.</summary>
internal static class LeaseRules
{
    /// <summary>With fewer keepers a majority is all of them, or one: no lease.</summary>
    public const int FewestKeepers = 3;

    private const int MostKeepers = 7;

    /// <summary>
    /// The keepers that there should be: an odd number, at most seven. Who keeps leases already stays; hosts with low numbers come first.
    /// Empty when there are fewer than three hosts.
    /// </summary>
    public static ValueList<HostId> Wanted(ClusterView view)
    {
        var count = Math.Min(MostKeepers, (view.Hosts.Count - 1) / 2 * 2 + 1);
        if (count < FewestKeepers)
            return [];
        var now = view.Keepers?.Value.Members ?? [];
        return view.Hosts
            .OrderBy(h => now.Contains(h.Key) ? 0 : 1)
            .ThenBy(h => h.Value.Value.Number)
            .Take(count)
            .Select(h => h.Key)
            .Order()
            .ToValueList();
    }

    /// <summary>
    /// The terms this host should keep; null without a watchdog or keepers. While it owns a guest that is to be shut down in isolation,
    /// there is time for that.
    /// </summary>
    public static LeaseTerms? Wanted(NodeState state) =>
        state.Hearing.Report.Lease.Watchdog is { } reset && state.View.Keepers is { } keepers
            && keepers.Value.Members.Count >= FewestKeepers
            ? new LeaseTerms(
                state.Timing.LeaseFreeze,
                state.Timing.LeaseKill + (state.OwnsForShutdown ? LeaseTerms.ShutdownGrace : TimeSpan.Zero),
                reset)
            : null;

    /// <summary>The keepers do not hear this host, as far as its beacon says: the hook refuses every start.</summary>
    public static bool IsIsolated(NodeState state) =>
        state.Hearing.IsFresh(state.Now) && state.Hearing.Report.Lease.State is LeaseState.Frozen or LeaseState.Expired;

    /// <summary>The keepers have not acknowledged this host since its beacon began: the hook refuses every start.</summary>
    public static bool IsWaiting(NodeState state) =>
        state.Hearing.IsFresh(state.Now) && state.Hearing.Report.Lease.State is LeaseState.Waiting;

    /// <summary>The time has come to shut guests down in order, and is not over.</summary>
    public static bool IsTimeToShutDown(NodeState state) =>
        state.BeaconConnected && state.Hearing.IsFresh(state.Now)
        && state.Hearing.Report.Lease is { Age: { } age, InForce: { } terms, State: LeaseState.Frozen }
        && age >= terms.Kill - LeaseTerms.ShutdownGrace && age >= state.Timing.LeaseKill;

    /// <summary>The terms its beacon must keep to: those wanted, but never laxer than those promised.</summary>
    public static LeaseTerms? ToKeep(LeaseTerms? wanted, LeaseTerms? promised)
    {
        if (promised is null || wanted is null)
            return wanted ?? promised;
        return new LeaseTerms(Shorter(wanted.Freeze, promised.Freeze), Shorter(wanted.Kill, promised.Kill), wanted.Reset);
    }

    /// <summary>True when a beacon that keeps to these terms keeps to the others as well.</summary>
    public static bool Keeps(LeaseTerms? kept, LeaseTerms terms) =>
        kept is not null && kept.Freeze <= terms.Freeze && kept.Kill <= terms.Kill && kept.Reset <= terms.Reset;

    /// <summary>The keepers whose consent counts: those whose beacon is still the one that gave it.</summary>
    public static ValueList<HostId> Consenting(ClusterView view, FenceRecord fence) => fence.Consents
        .Where(c => view.IncarnationOf(c.Keeper) == c.Incarnation)
        .Select(c => c.Keeper)
        .ToValueList();

    /// <summary>True for a majority of the keepers, and of those before them while the set is being changed.</summary>
    public static bool IsMajority(KeeperSet keepers, ValueList<HostId> some) =>
        keepers.Members.Count >= FewestKeepers && IsMajorityOf(keepers.Members, some)
        && (keepers.Previous.IsEmpty || IsMajorityOf(keepers.Previous, some));

    /// <summary>
    /// The proof that a session is dead because enough keepers will never acknowledge it again, each after the safe time; null while they
    /// do
    /// not suffice. A keeper that began a new life meanwhile may have acknowledged it: what the proof depends on must not have changed
    /// when it
    /// is written.
    /// </summary>
    public static (Proof Proof, ValueList<StoreKey> Depends)? ProofOf(ClusterView view, HostSession target)
    {
        if (view.Keepers?.Value is not { } keepers
            || view.Fences.GetValueOrDefault(target)?.Value is not { Consents.IsEmpty: false } fence || IsSettled(fence)
            || view.Sessions.GetValueOrDefault(target.Host)?.Value.Lease is not { } promise)
            return null;
        var consenting = Consenting(view, fence);
        if (!IsMajority(keepers, consenting))
            return null;
        var evidence = $"{consenting.Count} of {keepers.Members.Count} keepers ({string.Join(", ", consenting)}) have not heard it for "
            + $"{promise.Terms.SafeAfter.TotalSeconds:0.0} s; by then its guests were killed or its watchdog had reset it";
        return (new Proof.Lease(evidence), [new StoreKey.Keepers(), .. consenting.Select(k => new StoreKey.Keeper(k))]);
    }

    /// <summary>
    /// What shows that a living beacon of the session must have paused its guests, and that they cannot go on: enough keepers will never
    /// acknowledge it again and have not for its freezing time. Null while they do not suffice, or when it was written down already.
    /// </summary>
    public static (string Evidence, ValueList<StoreKey> Depends)? FreezeOf(ClusterView view, HostSession target)
    {
        if (view.Keepers?.Value is not { } keepers
            || view.Fences.GetValueOrDefault(target)?.Value is not { Silences.IsEmpty: false, Frozen: null } fence || IsSettled(fence)
            || view.Sessions.GetValueOrDefault(target.Host)?.Value is not { Lease: { } promise } session
            || session.Session != target.Session)
            return null;
        var silent = fence.Silences.Where(c => view.IncarnationOf(c.Keeper) == c.Incarnation).Select(c => c.Keeper).ToValueList();
        if (!IsMajority(keepers, silent))
            return null;
        var evidence = $"{silent.Count} of {keepers.Members.Count} keepers ({string.Join(", ", silent)}) have not heard it for "
            + $"{promise.Terms.FrozenAfter.TotalSeconds:0.0} s and acknowledge it no more";
        return (evidence, [new StoreKey.Keepers(), .. silent.Select(k => new StoreKey.Keeper(k))]);
    }

    /// <summary>A proof is recorded to which the keepers have nothing to add.</summary>
    public static bool IsSettled(FenceRecord fence) => fence.Proofs.Any(proof => proof is Proof.Lease || ProofRules.IsFull(proof));

    /// <summary>
    /// The lease proof says nothing of guests that run on in isolation, a storage proof of anything but writes: other proofs are still
    /// sought.
    /// </summary>
    public static bool IsHalfProved(ClusterView view, HostSession target) =>
        view.Fences.GetValueOrDefault(target)?.Value is { Proofs.IsEmpty: false } fence && !view.HasFullProof(target)
        && (!IsSettled(fence) || fence.RunsOn || StorageRules.RunsOn(view, target));

    private static bool IsMajorityOf(ValueList<HostId> all, ValueList<HostId> some) => all.Count(h => some.Contains(h)) * 2 > all.Count;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
