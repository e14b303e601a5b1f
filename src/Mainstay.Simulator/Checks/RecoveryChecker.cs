using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Core.Times;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>
/// M1: what is measured happened. No part may be longer than the time in which it lay, nor shorter than what surely fell into it. The
/// clocks of hosts that sleep or are slewed say less about the world's: then only the upper limits count.
/// </summary>
internal sealed class RecoveryChecker(VirtualWorld world, CheckerSet checks)
{
    /// <summary>How finely silence is reported, and what rounding adds.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(120);

    /// <summary>The fastest clock a scenario may have.</summary>
    private const double FastestClock = 1.21;

    private readonly (ulong Session, ulong Sequence, TimeSpan At)[,] heard =
        new (ulong, ulong, TimeSpan)[world.Start.Machines, world.Start.Machines];
    private readonly SortedDictionary<(int By, int From, ulong Session), TimeSpan> before = [];
    private readonly SortedDictionary<GroupId, Story> stories = [];
    private readonly SortedDictionary<HostSession, (TimeSpan At, TimeSpan LastHeard)> proved = [];

    /// <summary>A beacon of this session is news to a host that listens: what a slower network brings once more is no later life.</summary>
    public void Heard(SimHost by, SimHost from, ulong session, ulong sequence)
    {
        ref var last = ref heard[by.Index, from.Index];
        if (last.Session != session)
            before[(by.Index, from.Index, last.Session)] = last.At;
        else if (sequence <= last.Sequence)
            return;
        last = (session, sequence, world.Now);
    }

    /// <summary>The store now holds a proof about this session. The first counts; what is heard of it later is no life any more.</summary>
    public void Proved(HostSession session, FenceRecord record)
    {
        if (!record.Proofs.IsEmpty)
            proved.TryAdd(session, (world.Now, world.Hosts.Min(by => LastHeard(by, session) ?? TimeSpan.MaxValue)));
    }

    /// <summary>What was proved in the lost time has to be proved again.</summary>
    public void StoreRestored() => proved.Clear();

    public void Began(Execution execution) => Of(execution.Guest.Id).Began = (execution.Host, world.Now);

    /// <summary>The store takes this ownership of a group.</summary>
    public void Changes(SimHost by, GroupId group, OwnershipRecord? old, OwnershipRecord next)
    {
        var story = Of(group);
        var owner = GroundTruth.OwnerIn(old?.Phase);
        switch (next.Phase)
        {
            case OwnershipPhase.Free when next.KeptFor is null && old is not { Phase: OwnershipPhase.Releasing }
                and not { Phase: OwnershipPhase.Claimed, HasRun: false }:
            case OwnershipPhase.Releasing when old?.Phase is OwnershipPhase.Claimed:
                story.From = world.Now;
                break;
            case OwnershipPhase.Assigned assigned:
                story.Assigned = world.Now;
                story.To = world.Host(assigned.Host);
                if (owner is { } lost)
                    (story.Lost, story.From) = (lost, LastHeard(by, lost));
                break;
            case OwnershipPhase.Claimed when old?.Phase is OwnershipPhase.Assigned:
                story.Claimed = world.Now;
                break;
        }
    }

    public void Measured(SimHost by, GroupId group, RecoveryMeasurement took)
    {
        var story = Of(group);
        story.Last = took;
        foreach (var part in RecoveryWords.Parts)
        {
            if (took.Parts.Of(part) < TimeSpan.Zero)
                checks.Violate("M1", $"{group}: {RecoveryWords.Of(part)} took less than no time");
        }

        if (took.Kind == RecoveryKind.Restart || story.To != by)
            return;
        if (took.Parts.Start is { } start)
            CheckStart(group, story, start, by);
        if (took is { Kind: RecoveryKind.Failover, Lost: { } lost }
            && took.Parts is { Detect: { } detect, Prove: { } prove, Place: { } place })
            CheckFailover(group, story, lost, detect + prove, place);
    }

    /// <summary>How far the whole of the last recovery is from what happened; null when either is not known.</summary>
    public TimeSpan? Error(GroupId group) =>
        stories.GetValueOrDefault(group) is { Last.Whole: { } whole, From: { } from, Began: (_, var began) }
            ? (whole - (began - from)).Duration() : null;

    private void CheckStart(GroupId group, Story story, TimeSpan start, SimHost by)
    {
        if (start > Longest(world.Now - story.Assigned))
            checks.Violate("M1", $"{group}: its start took {start}, and it was assigned only {world.Now - story.Assigned} ago");
        if (story.Began is var (host, began) && host == by && began >= story.Claimed && by.Clocks.Slept == TimeSpan.Zero
            && by.Clocks.Lasts(TimeSpan.FromSeconds(1)) == TimeSpan.FromSeconds(1) && start < began - story.Claimed - Tolerance)
            checks.Violate("M1", $"{group}: its start took {start}, and it ran {began - story.Claimed} after it was claimed");
    }

    private void CheckFailover(GroupId group, Story story, HostSession lost, TimeSpan toProof, TimeSpan place)
    {
        if (!proved.TryGetValue(lost, out var end))
            return;
        var (at, last) = end;
        if (last < story.Assigned && toProof + place > Longest(story.Assigned - last))
            checks.Violate("M1", $"{group}: {lost} was given up after {toProof + place}, last heard {story.Assigned - last} before");
        if (at <= story.Assigned && place > Longest(story.Assigned - at))
            checks.Violate("M1", $"{group}: it took {place} to place it, and {lost} was proved dead only {story.Assigned - at} before");
    }

    private TimeSpan? LastHeard(SimHost by, HostSession session)
    {
        var from = world.Host(session.Host).Index;
        var (last, _, at) = heard[by.Index, from];
        return last == session.Session.Number ? at
            : before.TryGetValue((by.Index, from, session.Session.Number), out var earlier) ? earlier : null;
    }

    private static TimeSpan Longest(TimeSpan span) => (span * FastestClock) + Tolerance;

    private Story Of(GroupId group)
    {
        if (!stories.TryGetValue(group, out var story))
            stories[group] = story = new Story();
        return story;
    }

    private sealed class Story
    {
        public TimeSpan? From { get; set; }

        public TimeSpan Assigned { get; set; }

        public TimeSpan Claimed { get; set; }

        public SimHost? To { get; set; }

        public HostSession? Lost { get; set; }

        public (SimHost Host, TimeSpan At)? Began { get; set; }

        public RecoveryMeasurement? Last { get; set; }
    }
}
