using Mainstay.Core.Capacity;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Groups;

/// <summary>
/// Takes a guest under protection where it is. Before that every other host refuses it at its hook and says that it runs no copy: what
/// somebody started by hand on a second host must not become a guest that is protected twice (S1).
/// </summary>
internal sealed class Adoption(
    NodeState state,
    OperationLedger ledger,
    LocalGuests local,
    StampActs stamps,
    CapacityGate capacity,
    Action<OperationId, AdminReply> answer,
    Action<OperationId, StoreTransaction, string, Action, Action?> writeOrElse)
{
    /// <summary>How long the other hosts may take to look for copies.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(4);

    private readonly SortedDictionary<GroupId, AdoptionCase> cases = [];

    public void Protect(OperationId operation, AdminRequest.Protect request)
    {
        if (state.View.Groups.ContainsKey(request.Group))
            Refuse(operation, $"{request.Group} is already protected");
        else if (state.View.IsWitness(state.Self))
            Refuse(operation, $"{state.Self} is a witness: it runs no guests. Protect {request.Group} on the host where it runs");
        else if (state.Me is null)
            Refuse(operation, $"{state.Self} is not a member at the moment; see mainstay status");
        else if (state.Leaving is not null)
            Refuse(operation, $"{state.Self} is being shut down; protect it where it runs afterwards");
        else if (cases.ContainsKey(request.Group) || state.View.Adoptions.ContainsKey(request.Group))
            Refuse(operation, $"{request.Group} is just being protected; see mainstay status");
        else
            ReadDefinition(new AdoptionCase(operation, request, state.Now + AnswersWithin));
    }

    /// <summary>Goes on with adoptions whose answers have come, and ends those that nobody waits for any more.</summary>
    public void Run()
    {
        foreach (var (group, adoption) in cases.Count > 0 ? cases.ToArray() : [])
        {
            if (adoption.Asked is not { } asked)
                continue;
            if (Objection(group, asked) is { } why)
                End(adoption, () => Refuse(adoption.Operation, why));
            else if (Missing(group, asked).FirstOrDefault() is not { Name: not null } missing)
                GoOn(adoption);
            else if (state.Now < adoption.Until)
                state.WakeAt(adoption.Until);
            else
                End(adoption, () => Refuse(adoption.Operation, $"{missing} did not say whether a copy of {group} runs on it; "
                    + "nothing was changed. Is its agent running? see mainstay status"));
        }

        foreach (var (group, left) in state.View.Adoptions)
        {
            var by = left.Value.By;
            if (!cases.ContainsKey(group) && !ledger.IsBusy(new StoreKey.Adoption(group)) && state.StoreReachable
                && (by == state.Me || (state.IsLeader && !state.View.IsOnline(by))))
                Withdraw(group, static _ => { });
        }
    }

    private void ReadDefinition(AdoptionCase adoption)
    {
        cases[adoption.Request.Group] = adoption;
        ledger.Ask(op => new NodeEffect.ReadDefinition(op, adoption.Request.Group), input => OnDefinition(adoption, input));
    }

    private void OnDefinition(AdoptionCase adoption, NodeInput input)
    {
        var (operation, group) = (adoption.Operation, adoption.Request.Group);
        if (input is not NodeInput.DefinitionRead { Definition: Observed<GuestDefinition?>.Known known })
            End(adoption, () => answer(operation, new AdminReply.Unknown($"libvirt on {state.Self} does not answer; nothing was changed")));
        else if (known.Value is not { } found || state.Me is not { } me)
            End(adoption, () => Refuse(operation, $"{state.Self} has no domain named {group}; see virsh list --all"));
        else if (ledger.IsBusy(new StoreKey.Session(state.Self)))
            Later(adoption); // S2: a claim beside the end of this session could apply with it.
        else if (TwinOf(group, found.Uuid) is { } twin)
            End(adoption, () => Refuse(operation, $"the domain's UUID {found.Uuid} is already protected as {twin}; "
                + "a copied definition needs a UUID of its own"));
        else if (local.Of(group).IsActing)
            End(adoption, () => Refuse(operation,
                $"something is still being done to {group} here from an earlier protection; ask again in a moment"));
        else if (capacity.AgainstProtecting(adoption, found, me) is { } full)
            End(adoption, () => Refuse(operation, full));
        else if (adoption.Clear is not null || !Others().Any())
            Stamp(adoption, found, me);
        else
            AskOthers(adoption, found, me);
    }

    private GroupId? TwinOf(GroupId group, string uuid) =>
        state.View.Groups.FirstOrDefault(g => g.Value.Value.Uuid == uuid) is { Value: not null } known ? known.Key
        : state.View.Adoptions.FirstOrDefault(a => a.Key != group && a.Value.Value.Uuid == uuid) is { Value: not null } other ? other.Key
        : null;

    private void Later(AdoptionCase adoption)
    {
        if (--adoption.TriesLeft <= 0)
        {
            End(adoption, () => Refuse(adoption.Operation, $"the session of {state.Self} is changing; ask again in a moment"));
            return;
        }

        ledger.Ask(op => new NodeEffect.ReadStore(op, [new StoreKey.Session(state.Self)]), _ => ReadDefinition(adoption));
    }

    /// <summary>Hosts that may run something: all but witnesses and those proved dead or gone in order.</summary>
    private IEnumerable<KeyValuePair<HostId, Stored<SessionRecord>>> Others() => state.View.Sessions.Where(
        s => s.Key != state.Self && !state.View.IsWitness(s.Key) && s.Value.Value.State is SessionState.Online or SessionState.Fencing);

    private void AskOthers(AdoptionCase adoption, GuestDefinition found, HostSession me)
    {
        var (key, groupKey) = (new StoreKey.Adoption(adoption.Request.Group), new StoreKey.Group(adoption.Request.Group));
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(key), state.GuardOf(groupKey), state.GuardOf(new StoreKey.Session(me.Host))],
                [new Change.Put(key, new AdoptionRecord(found.Uuid, me))]),
            outcome =>
            {
                if (outcome is StoreOutcome.Applied applied)
                    adoption.Asked = applied.Revision;
                else if (outcome is StoreOutcome.Conflict)
                    Later(adoption);
                else
                    End(adoption, () => answer(
                        adoption.Operation, new AdminReply.Unknown("the store did not answer; nothing was changed")));
            });
    }

    private ValueList<HostSession> SessionsOfOthers() =>
        Others().Select(other => new HostSession(other.Key, other.Value.Value.Session)).ToValueList();

    private string? Objection(GroupId group, long asked)
    {
        if (state.View.Adoptions.GetValueOrDefault(group)?.ModRevision != asked)
            return $"the protection of {group} was given up meanwhile; ask again";
        var runner = Others().FirstOrDefault(o => AnswerOf(o.Key, group, asked) is { RunsHere: true });
        return runner.Value is null
            ? null
            : $"{runner.Key} runs a copy of {group} (by name or UUID): two copies destroy its disk. Stop one of them, then ask again";
    }

    private IEnumerable<HostId> Missing(GroupId group, long asked) =>
        Others().Where(o => AnswerOf(o.Key, group, asked) is null).Select(o => o.Key);

    private AdoptionSighting? AnswerOf(HostId host, GroupId group, long asked) =>
        state.View.Sightings.GetValueOrDefault(host)?.Value is { } said && said.Session == state.View.Sessions[host].Value.Session
            ? said.Adoptions.FirstOrDefault(a => a.Group == group && a.Asked == asked)
            : null;

    // The definition is read again: the guest may have begun or ended while the others looked.
    private void GoOn(AdoptionCase adoption)
    {
        (adoption.Clear, adoption.Asked) = (SessionsOfOthers(), null);
        ReadDefinition(adoption);
    }

    // Two clusters on one storage: the second one reads on the disk that the first protects the guest.
    private void Stamp(AdoptionCase adoption, GuestDefinition found, HostSession me) =>
        stamps.Read(adoption.Request.Group, found.Xml, seen => OnStamps(adoption, found, me, seen));

    private void OnStamps(AdoptionCase adoption, GuestDefinition found, HostSession me, Observed<ValueList<DiskStamp>> seen)
    {
        var (operation, group) = (adoption.Operation, adoption.Request.Group);
        if (seen is not Observed<ValueList<DiskStamp>>.Known known)
        {
            End(adoption, () => answer(operation, new AdminReply.Unknown($"the disks of {group} cannot be read: "
                + $"{(seen as Observed<ValueList<DiskStamp>>.Unknown)?.Why}; nothing was changed")));
            return;
        }

        var epoch = stamps.Above(new Epoch(1), known.Value);
        if (!adoption.Request.TakesOver && StampActs.Objection(stamps.Ours(epoch), known.Value) is { } forbidden)
        {
            End(adoption, () => Refuse(operation, $"{forbidden}. Release it there; if that is gone for good and it runs nowhere else: "
                + $"mainstay protect {group} --take-over"));
            return;
        }

        stamps.Write(group, found.Xml, stamps.Ours(epoch), failed =>
        {
            if (failed is null)
                Adopt(adoption, found, me, epoch);
            else
                End(adoption, () => answer(operation, new AdminReply.Unknown($"the disks of {group} cannot be stamped: {failed}")));
        });
    }

    private void Adopt(AdoptionCase adoption, GuestDefinition found, HostSession me, Epoch epoch)
    {
        var group = adoption.Request.Group;
        if (ledger.IsBusy(new StoreKey.Session(state.Self)) || state.Me != me)
        {
            Later(adoption);
            return;
        }

        local.Adopt(group, found.State);
        var (runs, spec) = (AdoptionCase.Runs(found), adoption.Spec(found));
        var own = adoption.Own(found, me, epoch, state.View.Incarnation);

        // The session's record may change while this is under way (a promise of its lease): that is no reason to bother anybody.
        void Commit()
        {
            cases.Remove(group);
            var again = --adoption.TriesLeft > 0 && !state.View.Groups.ContainsKey(group);
            if (MayCommit(adoption, me, own.Incarnation))
                writeOrElse(
                    adoption.Operation,
                    Transaction(group, spec, own),
                    $"{group} is protected{(runs ? $", running on {state.Self}" : "; it is not running")}",
                    () => Adopted(group, spec, runs),
                    again ? () => ReadDefinition(adoption.Anew()) : null);
            else if (again && state.IsMember)
                ReadDefinition(adoption.Anew());
            else
                End(adoption, () => Refuse(adoption.Operation,
                    $"{state.Self} is not a member at the moment; nothing was changed; see mainstay status"));
        }

        if (runs)
            AnswerFor(adoption, spec, me, epoch, Commit);
        else
            Commit();
    }

    // S1: what is known now guards the transaction, so it must be what was asked about. A guest that begins to belong to a session whose
    // end is being proved was never guarded by what proves it; and who began a session since the question has not answered.
    private bool MayCommit(AdoptionCase adoption, HostSession me, long incarnation) => !state.Guards.AdoptsOnlyAsMember
        || (state.IsMember && state.Me == me && state.Leaving is null && state.StoreDoubt is null && state.View.Incarnation == incarnation
            && SessionsOfOthers().All(other => adoption.Clear is { } asked && asked.Contains(other)));

    private StoreTransaction Transaction(GroupId group, GroupSpec spec, OwnershipRecord own)
    {
        var (key, ownKey, asked) = (new StoreKey.Group(group), new StoreKey.Ownership(group), new StoreKey.Adoption(group));
        var guards = new List<Guard>
        {
            state.GuardOf(key), state.GuardOf(ownKey), state.GuardOf(asked), state.GuardOf(new StoreKey.Session(state.Self)),
            state.GuardOf(new StoreKey.Cluster()),
        };

        // S1: a host that began a new session since has not been asked.
        guards.AddRange(Others().Take(StoreTransaction.MaxChanges).Select(o => state.GuardOf(new StoreKey.Session(o.Key))));
        var changes = new List<Change> { new Change.Put(key, spec), new Change.Put(ownKey, own) };
        if (state.View.Adoptions.ContainsKey(group))
            changes.Add(new Change.Delete(asked));
        return new StoreTransaction(guards.ToValueList(), changes.ToValueList());
    }

    // The lease covers a guest from the moment it is owned: the beacon must know it before.
    private void AnswerFor(AdoptionCase adoption, GroupSpec spec, HostSession me, Epoch epoch, Action then)
    {
        var (group, read) = (adoption.Request.Group, state.Hearing.Report.Lease.Life);
        ledger.Ask(op => new NodeEffect.ArmToken(op, group, spec.Uuid, epoch, me.Session, spec.OnIsolation, read), input =>
        {
            if (input is NodeInput.TokenArmed { Accepted: true })
                then();
            else
                End(adoption, () => answer(
                    adoption.Operation,
                    new AdminReply.Unknown($"the beacon of {state.Self} does not take it on; nothing was changed")));
        });
    }

    private void Adopted(GroupId group, GroupSpec spec, bool runs)
    {
        state.Report(new Fact.GroupProtected(group, runs ? state.Self : null));
        ledger.Ask(op => new NodeEffect.SetAutostart(op, group, spec.Uuid, false), _ => local.WantInventory());
    }

    private void End(AdoptionCase adoption, Action then)
    {
        cases.Remove(adoption.Request.Group);
        if (state.View.Adoptions.ContainsKey(adoption.Request.Group))
            Withdraw(adoption.Request.Group, _ => then());
        else
            then();
    }

    private void Withdraw(GroupId group, Action<StoreOutcome> then)
    {
        var key = new StoreKey.Adoption(group);
        ledger.Persist(new StoreTransaction([state.GuardOf(key)], [new Change.Delete(key)]), then);
    }

    private void Refuse(OperationId operation, string why) => answer(operation, new AdminReply.Refused(why));
}
