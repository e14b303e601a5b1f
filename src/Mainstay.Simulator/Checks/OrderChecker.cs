using Mainstay.Core.Model;
using Mainstay.Core.Ordering;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>
/// S7: a guest that waits for another one without limit, or for an hour and more, does not begin to execute before the other one was
/// through its gate, as far as that one is to run. The truth is when guests executed, not what the store says of it.
/// </summary>
internal sealed class OrderChecker(VirtualWorld world, CheckerSet checks)
{
    /// <summary>From the last look at the store to the execution: what was true then counts.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Unlimited = TimeSpan.FromHours(1);

    private readonly SortedDictionary<GroupId, Life> lives = [];
    private readonly SortedDictionary<GroupId, TimeSpan> stoppedUntil = [];

    /// <summary>The store takes this definition of a group.</summary>
    public void Changes(GroupId group, GroupSpec next)
    {
        if (GroundTruth.Spec(world, group) is { Desired: DesiredState.Stopped } && next.Desired == DesiredState.Running)
            stoppedUntil[group] = world.Now;
    }

    public void Began(Execution execution, StartToken? token)
    {
        var group = execution.Guest.Id;
        if (token is not null && world.Zero is not null)
            Check(execution.Guest, execution.Host);
        var epoch = GroundTruth.Ownership(world, group)?.Epoch ?? new Epoch(1);
        lives[group] = lives.TryGetValue(group, out var before) && before.Epoch == epoch
            ? before with { Until = null }
            : new Life(epoch, world.Now, null, before is null ? null : before with { Before = null });
    }

    public void Ended(Execution execution)
    {
        if (lives.TryGetValue(execution.Guest.Id, out var life))
            lives[execution.Guest.Id] = life with { Until = world.Now };
    }

    /// <summary>It may stand still although a host could take it: it waits for another one that is not through its gate.</summary>
    public bool MayWait(GroupId group) => GroundTruth.Spec(world, group) is { } spec
        && spec.Order.After.Any(edge => IsStrict(edge) && IsToRun(edge.On) && !IsThrough(edge));

    private void Check(SimGuest guest, SimHost host)
    {
        if (GroundTruth.Spec(world, guest.Id) is not { } spec || GroundTruth.Ownership(world, guest.Id) is not { HasRun: false } own
            || spec.Order.StartsAtOnceIn == own.Epoch || GroundTruth.IsSuspended(world, guest.Id))
            return;
        foreach (var edge in spec.Order.After)
        {
            if (IsStrict(edge) && IsToRun(edge.On) && !IsThrough(edge))
                checks.Violate("S7", $"{guest.Id} begins on {host.Id} before {edge.On} is through its gate ({edge.GateText})");
        }
    }

    private static bool IsStrict(StartDependency edge) => edge.Then == OnLimit.Hold || edge.Limit >= Unlimited;

    private bool IsToRun(GroupId group) =>
        GroundTruth.Spec(world, group) is { Desired: DesiredState.Running } && GroundTruth.Ownership(world, group) is not null
        && !(stoppedUntil.TryGetValue(group, out var until) && world.Now - until < OnItsWay);

    private bool IsThrough(StartDependency edge)
    {
        for (var life = lives.GetValueOrDefault(edge.On); life is not null; life = life.Before)
        {
            if (WasThrough(edge, life))
                return true;
        }

        return false;
    }

    private bool WasThrough(StartDependency edge, Life life)
    {
        var until = life.Until ?? world.Now;
        // One that failed in place after it was through is through still.
        if (world.Now - until > OnItsWay && (life.Epoch != GroundTruth.Ownership(world, edge.On)?.Epoch || IsLost(edge.On)))
            return false;
        return edge.Gate switch
        {
            StartGate.Started => true,
            StartGate.Agent => world.Guest(edge.On).Start.AgentAfter is { } after && until >= life.Since + after,
            StartGate.Delay => until - life.Since >= edge.Delay * 0.99,
            StartGate.Probe => false,
        };
    }

    // Its owner's life is over and nobody else has it: nothing restarts it in place.
    private bool IsLost(GroupId group) => GroundTruth.OwnerIn(GroundTruth.Ownership(world, group)?.Phase) is { } owner
        && GroundTruth.Session(world, owner.Host) is var session
        && (session?.Session != owner.Session || session is not { State: SessionState.Online });

    /// <param name="Epoch">The ownership in which it executed first; the first one when it was not protected yet.</param>
    /// <param name="Until">When it ceased; null while it executes.</param>
    /// <param name="Before">Where it executed before that.</param>
    private sealed record Life(Epoch Epoch, TimeSpan Since, TimeSpan? Until, Life? Before);
}
