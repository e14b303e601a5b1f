using Mainstay.Core.Facts;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;
using Mainstay.Core.Placement;
using Mainstay.Core.Recovery;
using Mainstay.Core.Rules;
using Mainstay.Core.Times;

namespace Mainstay.Core.Ownership;

/// <summary>
/// The leader's part: every group that should run and has no live owner gets one, as soon as a proof or a confirmed stop allows it (S2).
/// Level-triggered: it looks at what is, not at what happened, and deciding again on the decided state yields nothing (S8).
/// </summary>
internal sealed class AssignmentDuties(
    NodeState state, OperationLedger ledger, LossJudge losses, TimesBook times, StartQueue starts)
{
    /// <summary>Ownership, decision and sometimes the specification of each.</summary>
    private const int GroupsPerTransaction = StoreTransaction.MaxChanges / 3;

    private readonly SortedDictionary<GroupId, (long Revision, Instant Since)> seen = [];
    private readonly SortedDictionary<GroupId, (string Why, Instant Since)> unplaceable = [];
    private readonly List<GroupId> gone = [];
    private readonly StartExclusions exclusions = new(state);
    private object? dropped;
    private int underWay;

    /// <summary>Hosts that are on their way come first: nobody is disturbed for a group that a moment later finds a place.</summary>
    private static readonly TimeSpan MakesRoomAfter = TimeSpan.FromSeconds(5);

    private sealed record Step(GroupId Group, OwnershipRecord Next, PlacementDecision? Decision, HostSession? Target)
    {
        /// <summary>It makes room.</summary>
        public Yield? Yields { get; init; }
    }

    public void Run()
    {
        // What is being written is not in the view yet: placing beside it would count the same memory twice (S6).
        if ((underWay > 0 && state.Guards.OnePlacementAtATime) || !state.IsLeaderInTheKnow || !state.StoreReachable || !state.View.Armed)
            return;
        var steps = new List<Step>();
        List<PlacementWish>? wishes = null;
        foreach (var (group, spec) in InOrder())
        {
            var own = state.View.Ownerships[group].Value;
            if (spec.Desired == DesiredState.Stopped)
                steps.Add(new Step(group, OwnershipRules.Free(own, spec.DesiredBy, IsDeadFor(group)), null, null));
            else if (losses.Hold(group, own) is { } why)
                steps.Add(Hold(group, own, why));
            else
                (wishes ??= []).Add(Wish(group, spec, own));
        }

        if (wishes is not null)
            PlaceAll(wishes, steps);
        foreach (var batch in steps.Chunk(GroupsPerTransaction))
            Persist(batch);
        DropGone();
    }

    /// <summary>Groups that need a new owner or none, the largest first.</summary>
    private List<(GroupId Group, GroupSpec Spec)> InOrder()
    {
        List<(GroupId Group, GroupSpec Spec)>? due = null;
        foreach (var (group, own) in state.View.Ownerships)
        {
            if (state.View.Groups.TryGetValue(group, out var spec) && !state.View.IsSuspended(group)
                && !ledger.IsChangingOwnershipOf(group)
                && !ledger.IsBusy(new StoreKey.Group(group)) && IsDue(group, own, spec.Value))
                (due ??= []).Add((group, spec.Value));
        }

        due?.Sort((a, b) => b.Spec.MemoryMiB.CompareTo(a.Spec.MemoryMiB) is var bySize and not 0 ? bySize : a.Group.CompareTo(b.Group));
        return due ?? [];
    }

    private bool IsDue(GroupId group, Stored<OwnershipRecord> own, GroupSpec spec)
    {
        var wanted = spec.Desired == DesiredState.Running;
        return own.Value.Phase switch
        {
            OwnershipPhase.Free => wanted && !IsKept(own.Value) && WaitedSince(group, own.ModRevision, Pause(own.Value)),
            OwnershipPhase.Assigned assigned =>
                !wanted || IsLost(assigned.Host) || WaitedSince(group, own.ModRevision, state.Timing.ClaimWithin),
            OwnershipPhase.Claimed claimed => IsDead(claimed.Owner, group),
            OwnershipPhase.Releasing releasing => IsDead(releasing.Owner, group),
            OwnershipPhase.Migrating migrating => IsDead(migrating.Owner, group) && IsDead(migrating.Target, group),
            OwnershipPhase.Blocked => false,
        };
    }

    private TimeSpan Pause(OwnershipRecord own) =>
        RestartPolicy.BeforeAssignment(own, state.View.Sessions.Keys.Count(h => state.View.OnlineSession(h) is not null));

    private bool WaitedSince(GroupId group, long revision, TimeSpan pause)
    {
        if (!seen.TryGetValue(group, out var first) || first.Revision != revision)
            seen[group] = first = (revision, state.Now);
        if (state.Now >= first.Since + pause)
            return true;
        state.WakeAt(first.Since + pause);
        return false;
    }

    private Func<HostSession, bool> IsDeadFor(GroupId group) => owner => IsDead(owner, group);

    // S2: silence, or a fence under way, is no proof.
    private bool IsDead(HostSession owner, GroupId group) =>
        (state.Guards.LeaseProofSparesKept ? state.View.HasProof(owner, group) : state.View.HasProof(owner))
        || (!state.Guards.ProofBeforeReassign && !state.View.IsOnline(owner));

    private bool IsLost(HostId host) =>
        state.View.OnlineSession(host) is null || state.View.Sessions[host].Value.Leaving is not null || IsSilent(host);

    // Until the host is back and has said what it has to give: else the guest would go elsewhere in the moment of its return.
    private bool IsKept(OwnershipRecord own) =>
        own.KeptFor is { } host && state.View.Hosts.ContainsKey(host)
        && !(state.View.OnlineSession(host) is { } back && state.View.Sessions[host].Value.Leaving is null
            && state.View.Loads.GetValueOrDefault(host)?.Value is { HypervisorOk: true } load && load.Session == back.Session);

    private bool IsSilent(HostId host) => host != state.Self && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now);

    private string? Unfit(HostId host) => IsSilent(host) ? "it is silent" : null;

    private void PlaceAll(List<PlacementWish> wishes, List<Step> steps)
    {
        var placer = new Placer(state.View, Unfit);
        steps.AddRange(wishes.Zip(placer.Place(wishes), Assign).OfType<Step>());
        PlacementWish[] left = [.. wishes.Where(wish => IsUnplacedFor(wish.Group, MakesRoomAfter))];
        foreach (var yields in placer.MakeRoom(left))
        {
            var own = state.View.Ownerships[yields.Group].Value;
            var why = $"{(yields.To is { } to ? $"moved to {to}" : "stopped")} to make room for {yields.For}";
            steps.Add(new Step(yields.Group, OwnershipRules.Release(own, null, why), null, null) { Yields = yields });
        }
    }

    private bool IsUnplacedFor(GroupId group, TimeSpan time)
    {
        if (!unplaceable.TryGetValue(group, out var known))
            return false;
        if (state.Now >= known.Since + time)
            return true;
        state.WakeAt(known.Since + time);
        return false;
    }

    private PlacementWish Wish(GroupId group, GroupSpec spec, OwnershipRecord own)
    {
        own = own with { Failures = state.Guards.AvoidsFailedHosts ? exclusions.InForce(group, own) : [] };
        var avoided = own.Failures.IsEmpty ? "" : $"; {RestartPolicy.Words(own)}";
        return new PlacementWish(
            group,
            spec with { PreferredHost = spec.PreferredHost ?? own.KeptFor, Tier = starts.Graph.TierOf(group) },
            own,
            $"{Because(group, own)}{avoided}{StartOrder.Words(state.View, spec, IsSilent)}",
            own.Phase is OwnershipPhase.Assigned late ? late.Host : null);
    }

    private Step? Assign(PlacementWish wish, PlacementDecision decision)
    {
        var (group, own) = (wish.Group, wish.Own);
        if (decision.Chosen is not { } host || state.View.OnlineSession(host) is not { } target)
        {
            ReportUnplaceable(group, decision);
            return null;
        }

        unplaceable.Remove(group);
        var next = OwnershipRules.Assign(own, host, decision.Because, IsDeadFor(group)) with
        {
            Losses = losses.LossesWith(own), Took = times.Assigning(group, own),
        };
        if (!state.Guards.EpochsRise)
            next = next with { Epoch = own.Epoch };
        return new Step(group, next, decision, target);
    }

    private Step Hold(GroupId group, OwnershipRecord own, string why) => new(
        group, OwnershipRules.Block(own, why, IsDeadFor(group)) with { Losses = losses.LossesWith(own) }, null, null);

    private string Because(GroupId group, OwnershipRecord own) => own.Phase switch
    {
        OwnershipPhase.Free => own.Why,
        OwnershipPhase.Assigned assigned => $"{assigned.Host} did not claim it in time ({own.Why})",
        OwnershipPhase.Claimed claimed => Lost(group, own, claimed.Owner),
        OwnershipPhase.Releasing releasing => Lost(group, own, releasing.Owner),
        OwnershipPhase.Migrating migrating => Lost(group, own, migrating.Owner),
        OwnershipPhase.Blocked blocked => blocked.Reason,
    };

    private string Lost(GroupId group, OwnershipRecord own, HostSession owner)
    {
        var fence = state.View.Fences.GetValueOrDefault(owner)?.Value;
        var proof = fence is null ? null : ProofRules.Deciding(fence, state.View.Groups.GetValueOrDefault(group)?.Value, own);
        return proof is Proof.Storage
            ? $"{owner.Host} can write to its disks no more, proof {proof.Kind}: {proof.Evidence}"
            : $"{owner.Host} is dead, proof {proof?.Kind ?? "none"}: {proof?.Evidence ?? ""}";
    }

    private void ReportUnplaceable(GroupId group, PlacementDecision decision)
    {
        var why = string.Join("; ", decision.Considered.Select(c => $"{c.Host}: {c.Rejected ?? "lost its session meanwhile"}"));
        var known = unplaceable.TryGetValue(group, out var earlier);
        if (known && earlier.Why == why)
            return;
        unplaceable[group] = (why, known ? earlier.Since : state.Now);
        state.Report(new Fact.GroupUnplaceable(group, why));
    }

    private void Persist(Step[] batch)
    {
        var guards = new List<Guard> { state.GuardOf(new StoreKey.Leader()) };
        var changes = new List<Change>();
        foreach (var step in batch)
        {
            guards.Add(state.GuardOf(new StoreKey.Ownership(step.Group)));
            changes.Add(new Change.Put(new StoreKey.Ownership(step.Group), step.Next));
            if (step.Decision is { } decision)
                changes.Add(new Change.Put(new StoreKey.Decision(step.Group), decision));
            var spec = state.View.Groups[step.Group].Value;
            // A wish holds for one placement.
            var wished = step.Decision is null ? step.Yields?.To ?? spec.PreferredHost : null;
            if (wished == spec.PreferredHost)
                continue;
            guards.Add(state.GuardOf(new StoreKey.Group(step.Group)));
            changes.Add(new Change.Put(new StoreKey.Group(step.Group), spec with { PreferredHost = wished }));
        }

        foreach (var host in batch.Where(s => s.Target is not null).Select(s => s.Target?.Host ?? default).Distinct())
            guards.AddRange(Permitted(host));
        // S2: a store that was restored meanwhile may know the ownership and not the proof.
        foreach (var owner in batch.SelectMany(s => Owners(state.View.Ownerships[s.Group].Value)).Distinct())
            guards.Add(state.GuardOf(new StoreKey.Fence(owner)));
        // A rule or a label that was changed meanwhile may forbid what was decided.
        if (batch.Any(s => s.Decision is not null) && state.Guards.PlacesByTheRulesAsTheyAre)
            guards.AddRange(RuleGuards.Of(state, batch.Select(s => s.Target?.Host)));
        underWay++;
        ledger.Persist(new StoreTransaction(guards.Distinct().ToValueList(), changes.ToValueList()), outcome =>
        {
            underWay--;
            if (outcome is not StoreOutcome.Applied)
                return;
            foreach (var step in batch)
                Tell(step);
        });
    }

    // S6: the host may have been put into maintenance or quarantine since.
    private ValueList<Guard> Permitted(HostId host) => state.Guards.PlacesOnlyWherePermitted
        ? [state.GuardOf(new StoreKey.Session(host)), state.GuardOf(new StoreKey.Quarantine(host)), state.GuardOf(new StoreKey.Host(host))]
        : [state.GuardOf(new StoreKey.Session(host))];

    private static IEnumerable<HostSession> Owners(OwnershipRecord own) => own.Phase switch
    {
        OwnershipPhase.Claimed claimed => [claimed.Owner],
        OwnershipPhase.Releasing releasing => [releasing.Owner],
        OwnershipPhase.Migrating migrating => [migrating.Owner, migrating.Target],
        OwnershipPhase.Free or OwnershipPhase.Assigned or OwnershipPhase.Blocked => [],
    };

    private void Tell(Step step)
    {
        if (step.Yields is { } yields)
            state.Report(new Fact.GroupYielded(yields.Group, yields.From, yields.To, yields.For));
        else if (step.Decision is not null)
            state.Report(new Fact.GroupAssigned(step.Group, step.Next.Epoch, step.Target?.Host ?? default, step.Next.Why));
        else if (step.Next.Phase is OwnershipPhase.Blocked blocked)
            state.Report(new Fact.GroupQuarantined(
                step.Group, $"{blocked.Reason}; a person lets it run again: mainstay start {step.Group}"));
    }

    private void DropGone()
    {
        if (ReferenceEquals(dropped, state.View.Ownerships))
            return;
        dropped = state.View.Ownerships;
        gone.AddRange(seen.Keys.Where(g => !state.View.Ownerships.ContainsKey(g)));
        foreach (var group in gone)
        {
            seen.Remove(group);
            unplaceable.Remove(group);
            exclusions.Forget(group);
        }

        gone.Clear();
    }
}
