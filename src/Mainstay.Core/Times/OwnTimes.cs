using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Times;

/// <summary>
/// The owner's part of the measurement: how long it stopped a guest, how long it took from the assignment to the running process. It is
/// written together with the word that the guest runs, so that no start costs a transaction more.
/// </summary>
internal sealed class OwnTimes(NodeState state, OperationLedger ledger, TimesBook book)
{
    /// <summary>Writes down that it runs, with what was measured.</summary>
    public void Witness(GroupId group, OwnershipRecord own, HostSession me, LocalGuest guest)
    {
        (guest.FailedAt, guest.StoppingSince) = (null, null);
        var write = OwnershipRules.Change(state, group, OwnershipRules.Witness(own, me));
        if (own.Took is not { } took)
        {
            ledger.Persist(write, _ => { });
            return;
        }

        TimeSpan? start = book.AssignedAt(group, own.Epoch) is { } assigned && guest.RunningSince >= assigned
            ? guest.RunningSince - assigned : null;
        var measured = new RecoveryMeasurement(took.Kind, own.Epoch, state.Self, state.View.RevisionOf(new StoreKey.Ownership(group)))
        {
            Lost = took.Lost,
            Proof = took.Proof,
            Parts = took.Parts with { Start = TimesBook.Rounded(start) },
        };
        Persist(write, group, measured);
    }

    /// <summary>
    /// It runs. When it had failed and was started again where it was, that is the one measurement with a write of its own; it is not
    /// repeated when it fails.
    /// </summary>
    public void NoteRestart(GroupId group, OwnershipRecord own, LocalGuest guest)
    {
        var failed = guest.FailedAt;
        (guest.FailedAt, guest.StoppingSince) = (null, null);
        if (failed is { } at && state.StoreReachable && !ledger.IsBusy(new StoreKey.Recovery(group)))
            Restarted(group, own, guest.RunningSince - at);
    }

    private void Restarted(GroupId group, OwnershipRecord own, TimeSpan after)
    {
        var key = new StoreKey.Ownership(group);
        var measured = new RecoveryMeasurement(RecoveryKind.Restart, own.Epoch, state.Self, state.View.RevisionOf(key))
        {
            Parts = new RecoveryParts { Start = TimesBook.Rounded(after) },
        };
        Persist(new StoreTransaction([state.GuardOf(key)], []), group, measured);
    }

    /// <summary>What the owner knows of the way of a guest that it has stopped and that is to run elsewhere.</summary>
    public RecoverySoFar Stopped(GroupId group, OwnershipRecord own, Instant? stoppingSince)
    {
        var since = own.Phase is OwnershipPhase.Releasing ? book.ReleasedAt(group) : stoppingSince;
        return own.Took ?? new RecoverySoFar(RecoveryKind.Move)
        {
            Parts = new RecoveryParts { Stop = TimesBook.Rounded(state.Now - since) },
        };
    }

    /// <summary>The write that its agent answers, with how long that took after it ran: a part of the measurement of this start.</summary>
    public StoreTransaction WithReady(StoreTransaction write, GroupId group, Epoch epoch, TimeSpan after)
    {
        var key = new StoreKey.Recovery(group);
        if (ledger.IsBusy(key) || state.View.Recoveries.GetValueOrDefault(group)?.Value is not { Last.IsEmpty: false } known
            || known.Last[^1] is not { Parts.Ready: null } last || last.Epoch != epoch)
            return write;
        var next = known.WithLast(last with { Parts = last.Parts with { Ready = TimesBook.Rounded(after) } });
        return new StoreTransaction(write.Guards.Add(state.GuardOf(key)), write.Changes.Add(new Change.Put(key, next)));
    }

    // What a newer version wrote there is its own: then only the rest is written.
    private void Persist(StoreTransaction write, GroupId group, RecoveryMeasurement measured)
    {
        var key = new StoreKey.Recovery(group);
        if (!state.View.Foreign.ContainsKey(key))
        {
            var next = (state.View.Recoveries.GetValueOrDefault(group)?.Value ?? RecoveryTimes.None).With(measured);
            write = new StoreTransaction(write.Guards.Add(state.GuardOf(key)), write.Changes.Add(new Change.Put(key, next)));
        }

        if (write.Changes.IsEmpty)
            return;
        ledger.Persist(write, outcome =>
        {
            if (outcome is StoreOutcome.Applied)
                state.Report(new Fact.RecoveryMeasured(group, measured));
        });
    }
}
