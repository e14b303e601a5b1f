using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Restoration;

/// <summary>
/// Finds the owners of suspended groups from what really runs: the host on which a group runs takes it over, in a higher epoch; the leader
/// frees what runs nowhere. What runs on two hosts, or may run on a host that nobody knows anything of, stays as it is (S1).
/// </summary>
internal sealed class Reconciliation(NodeState state, OperationLedger ledger, LocalGuests guests, StampActs stamps)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>What passes by itself within this time is not told.</summary>
    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(3);

    private readonly SortedDictionary<GroupId, (string Why, Instant Since, bool Told)> waiting = [];
    private readonly SortedSet<GroupId> claiming = [];
    private Instant notBefore;

    public void Run()
    {
        if (!state.AnySuspended || !state.IsMember || !state.StoreReachable)
            return;
        var freed = new List<GroupId>();
        foreach (var (group, spec) in state.View.Groups)
        {
            if (!state.View.IsSuspended(group))
                continue;
            if (!ledger.IsBusy(new StoreKey.Ownership(group)) && !claiming.Contains(group) && !guests.Of(group).IsActing)
                Look(group, spec.Value, freed);
        }

        if (freed.Count > 0)
            Free(freed);
    }

    private void Look(GroupId group, GroupSpec spec, List<GroupId> freed)
    {
        var here = RestoreRules.RunningOn(state.View, group);
        if (here.Contains(state.Self))
        {
            if (RestoreRules.BeforeClaim(state.View, state.Hearing, group, state.Self, state.Now) is { } why)
                Report(group, why);
            else if (state.Now < notBefore)
                state.WakeAt(notBefore);
            else if (state.BeaconConnected)
                Stamp(group, spec);
        }
        else if (state.IsLeaderInTheKnow && freed.Count < StoreTransaction.MaxChanges / 2)
        {
            if (RestoreRules.BeforeStart(state.View, group) is { } why)
                Report(group, why);
            else
                freed.Add(group);
        }
    }

    // S3: an epoch above any that the store or the disk has seen; the lost time numbered owners too.
    private void Stamp(GroupId group, GroupSpec spec)
    {
        claiming.Add(group);
        stamps.Read(group, spec.Definition, seen =>
        {
            if (seen is not Observed<ValueList<DiskStamp>>.Known known || !state.View.IsSuspended(group))
            {
                End(group);
                return;
            }

            var epoch = stamps.Above(state.View.Ownerships[group].Value.Epoch.Next, known.Value);
            if (StampActs.Objection(stamps.Ours(epoch), known.Value) is { } forbidden)
            {
                Report(group, forbidden);
                End(group);
                return;
            }

            stamps.Write(group, spec.Definition, stamps.Ours(epoch), failed =>
            {
                if (failed is null && state.Me is { } me && state.View.IsSuspended(group))
                    Claim(group, spec, me, epoch);
                else
                    End(group);
            });
        });
    }

    // The lease covers a guest from the moment it is owned: the beacon must know it before. It runs already, so the token starts nothing.
    private void Claim(GroupId group, GroupSpec spec, HostSession me, Epoch epoch)
    {
        var own = state.View.Ownerships[group].Value;
        var next = OwnershipRules.TakeOver(own, me, spec.OnIsolation, state.View.Incarnation) with
        {
            Epoch = epoch, StorageProof = spec.StorageProof,
        };
        var read = state.Hearing.Report.Lease.Life;
        ledger.Ask(op => new NodeEffect.ArmToken(op, group, spec.Uuid, next.Epoch, me.Session, spec.OnIsolation, read), input =>
        {
            if (input is not NodeInput.TokenArmed { Accepted: true } || !state.View.IsSuspended(group))
            {
                End(group);
                return;
            }

            ledger.Persist(Taking(group, next), outcome =>
            {
                claiming.Remove(group);
                if (outcome is StoreOutcome.Applied)
                    Found(group, next.Epoch, state.Self);
                else
                    notBefore = state.Now + RetryAfter;
            });
        });
    }

    // S9: what runs is to run, also when somebody wanted it stopped at the time of the backup.
    private StoreTransaction Taking(GroupId group, OwnershipRecord next)
    {
        var key = new StoreKey.Group(group);
        var transaction = OwnershipRules.Change(
            state, group, next,
            state.GuardOf(new StoreKey.Session(state.Self)), state.GuardOf(new StoreKey.Cluster()), state.GuardOf(key));
        var spec = state.View.Groups[group].Value;
        var wanted = spec with { Desired = DesiredState.Running, DesiredBy = "it ran when the store was restored" };
        return spec.Desired == DesiredState.Running
            ? transaction
            : transaction with { Changes = transaction.Changes.Add(new Change.Put(key, wanted)) };
    }

    private void End(GroupId group)
    {
        claiming.Remove(group);
        notBefore = state.Now + RetryAfter;
    }

    private void Free(List<GroupId> groups)
    {
        var guards = new List<Guard> { state.GuardOf(new StoreKey.Leader()), state.GuardOf(new StoreKey.Cluster()) };
        var changes = new List<Change>();
        foreach (var group in groups)
        {
            guards.Add(state.GuardOf(new StoreKey.Ownership(group)));
            changes.Add(new Change.Put(
                new StoreKey.Ownership(group), OwnershipRules.FoundNowhere(state.View.Ownerships[group].Value, state.View.Incarnation)));
        }

        ledger.Persist(new StoreTransaction(guards.ToValueList(), changes.ToValueList()), outcome =>
        {
            if (outcome is not StoreOutcome.Applied)
                return;
            foreach (var group in groups)
                Found(group, state.View.Ownerships[group].Value.Epoch, null);
        });
    }

    private void Found(GroupId group, Epoch epoch, HostId? host)
    {
        waiting.Remove(group);
        state.Report(new Fact.GroupReconciled(group, epoch, host));
    }

    private void Report(GroupId group, string why)
    {
        if (!waiting.TryGetValue(group, out var known) || known.Why != why)
            waiting[group] = known = (why, state.Now, false);
        if (known.Told)
            return;
        if (state.Now < known.Since + TellAfter)
        {
            state.WakeAt(known.Since + TellAfter);
            return;
        }

        waiting[group] = known with { Told = true };
        state.Report(new Fact.GroupBlocked(group, why));
    }
}
