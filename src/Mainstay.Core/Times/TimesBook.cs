using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Times;

/// <summary>
/// When this agent, by its own clock, saw what leads to a start: the last sign of life of a host, the suspicion, the proof, and the group
/// on its way. Every agent keeps it, whoever leads, so a leader that takes over in the middle has measured from the beginning. What it did
/// not see happen, because it began later or its watch was broken, has no time.
/// </summary>
internal sealed class TimesBook(NodeState state)
{
    private readonly SortedDictionary<HostSession, Loss> losses = [];
    private readonly SortedDictionary<GroupId, Way> ways = [];
    private object? notedFences, notedOwnerships;
    private bool missed = true;

    /// <summary>The whole state was read: what it brings happened some time before.</summary>
    public void Missed() => missed = true;

    /// <summary>Notes what is new.</summary>
    public void Note()
    {
        if (!state.View.Loaded)
            return;
        NoteSilence();
        if (!ReferenceEquals(notedFences, state.View.Fences))
            NoteProofs();
        if (!ReferenceEquals(notedOwnerships, state.View.Ownerships))
            NoteWays();
        missed = false;
    }

    /// <summary>What is known when a group is about to be given to a host.</summary>
    public RecoverySoFar Assigning(GroupId group, OwnershipRecord own) => own.Phase switch
    {
        OwnershipPhase.Claimed claimed => Lost(group, own, claimed.Owner),
        OwnershipPhase.Releasing releasing => Lost(group, own, releasing.Owner),
        OwnershipPhase.Migrating migrating => Lost(group, own, migrating.Owner),
        OwnershipPhase.Free or OwnershipPhase.Assigned or OwnershipPhase.Blocked => OnItsWay(group, own),
    };

    /// <summary>How long ago this host was seen to be given the group in this epoch; null when that was not seen.</summary>
    public Instant? AssignedAt(GroupId group, Epoch epoch) =>
        ways.TryGetValue(group, out var way) && way.Epoch == epoch ? way.Assigned : null;

    /// <summary>When the group was seen to be released by its owner in this revision; null when that was not seen.</summary>
    public Instant? ReleasedAt(GroupId group) => ways.GetValueOrDefault(group)?.Released;

    // A session's silence belongs to it only if it was heard before: a rebooted host is heard again, and its old session is not.
    private void NoteSilence()
    {
        foreach (var (host, record) in state.View.Sessions)
        {
            if (host == state.Self || state.Hearing.Silence(host, state.Now) is not { } silence)
                continue;
            var session = new HostSession(host, record.Value.Session);
            var heard = state.Hearing.Sight(host)?.Session == session.Session;
            if (losses.TryGetValue(session, out var known))
            {
                if (heard && silence < state.Timing.SuspectAfter && known.Proved.Count == 0)
                    losses.Remove(session);
            }
            else if (silence >= state.Timing.SuspectAfter && record.Value.State is SessionState.Online or SessionState.Fencing)
            {
                losses[session] = new Loss(heard ? state.Now - silence : null, state.Now, []);
            }
        }
    }

    // Proofs are only ever added (S2): each has its time by its place.
    private void NoteProofs()
    {
        notedFences = state.View.Fences;
        foreach (var (session, fence) in state.View.Fences)
        {
            if (fence.Value.Proofs.IsEmpty)
                continue;
            if (!losses.TryGetValue(session, out var loss))
                losses[session] = loss = new Loss(null, null, []);
            while (loss.Proved.Count < fence.Value.Proofs.Count)
                loss.Proved.Add(missed ? null : state.Now);
        }

        foreach (var session in losses.Keys.Where(IsOver).ToArray())
            losses.Remove(session);
    }

    private bool IsOver(HostSession session) =>
        !state.View.Fences.ContainsKey(session) && state.View.Sessions.GetValueOrDefault(session.Host)?.Value.Session != session.Session;

    private void NoteWays()
    {
        notedOwnerships = state.View.Ownerships;
        foreach (var (group, own) in state.View.Ownerships)
        {
            var known = ways.GetValueOrDefault(group);
            if (known?.Revision == own.ModRevision)
                continue;
            Instant? now = missed ? null : state.Now;
            var (next, onWay) = (own.Value, IsOnItsWay(group, own.Value));
            ways[group] = new Way(
                own.ModRevision,
                next.Epoch,
                onWay,
                !onWay ? null : known is { OnWay: true } ? known.Since : now,
                next.Phase is OwnershipPhase.Assigned ? now : known?.Epoch == next.Epoch ? known.Assigned : null,
                next.Phase is not OwnershipPhase.Releasing ? null : known?.Phase == next.Phase ? known.Released : now,
                next.Phase);
        }

        // All that have an owner are in it: when there are not more, none has to go.
        if (ways.Count == state.View.Ownerships.Count)
            return;
        foreach (var group in ways.Keys.Where(g => !state.View.Ownerships.ContainsKey(g)).ToArray())
            ways.Remove(group);
    }

    // A guest that waits for its host's return, or is to stay down, is on its way nowhere.
    private bool IsOnItsWay(GroupId group, OwnershipRecord own) => own.Phase switch
    {
        OwnershipPhase.Free => own.KeptFor is null
            && state.View.Groups.GetValueOrDefault(group)?.Value.Desired == DesiredState.Running,
        OwnershipPhase.Assigned => true,
        OwnershipPhase.Claimed => !own.HasRun,
        OwnershipPhase.Releasing or OwnershipPhase.Migrating or OwnershipPhase.Blocked => false,
    };

    private RecoverySoFar Lost(GroupId group, OwnershipRecord own, HostSession owner)
    {
        var fence = state.View.Fences.GetValueOrDefault(owner)?.Value;
        var proof = fence is null ? null : ProofRules.Deciding(fence, state.View.Groups.GetValueOrDefault(group)?.Value, own);
        return Failover(new RecoverySoFar(RecoveryKind.Failover) { Lost = owner, Proof = proof?.Kind });
    }

    private RecoverySoFar OnItsWay(GroupId group, OwnershipRecord own)
    {
        var known = own.Took ?? new RecoverySoFar(RecoveryKind.Start);
        return known.Kind == RecoveryKind.Failover
            ? Failover(known)
            : known with { Parts = known.Parts with { Place = Rounded(state.Now - ways.GetValueOrDefault(group)?.Since) } };
    }

    // From here to the proof is measured by one clock, or taken as another agent measured it.
    private RecoverySoFar Failover(RecoverySoFar known)
    {
        if (known.Lost is not { } lost || losses.GetValueOrDefault(lost) is not { } loss || ProvedAt(lost, known.Proof) is not { } proved)
            return known with { Parts = known.Parts with { Place = null } };
        var parts = known.Parts with { Place = Rounded(state.Now - proved) };
        return known with
        {
            Parts = loss is { Suspected: { } suspected, LastHeard: { } heard }
                ? parts with { Detect = Rounded(suspected - heard), Prove = Rounded(Later(proved, suspected) - suspected) }
                : parts,
        };
    }

    private static Instant Later(Instant one, Instant other) => Instant.Max(one, other);

    // The first of its kind counts, as it does in the decision; of several storages the last.
    private Instant? ProvedAt(HostSession lost, string? kind)
    {
        if (state.View.Fences.GetValueOrDefault(lost)?.Value is not { } fence)
            return null;
        var index = -1;
        for (var i = 0; i < fence.Proofs.Count; i++)
        {
            if (fence.Proofs[i].Kind == kind && (index < 0 || fence.Proofs[i] is Proof.Storage))
                index = i;
        }

        return index >= 0 && losses[lost].Proved is { } times && index < times.Count ? times[index] : null;
    }

    /// <summary>Whole milliseconds, as they are stored.</summary>
    public static TimeSpan? Rounded(TimeSpan? span) =>
        span is { } known ? TimeSpan.FromMilliseconds(Math.Round(known.TotalMilliseconds)) : null;

    /// <summary>The end of one session, as seen from here. <paramref name="Proved"/> has the time of each proof.</summary>
    private sealed record Loss(Instant? LastHeard, Instant? Suspected, List<Instant?> Proved);

    /// <summary>A group on its way to an owner that runs it.</summary>
    private sealed record Way(
        long Revision, Epoch Epoch, bool OnWay, Instant? Since, Instant? Assigned, Instant? Released, OwnershipPhase Phase);
}
