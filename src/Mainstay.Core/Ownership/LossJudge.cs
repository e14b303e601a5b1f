using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Ownership;

/// <summary>
/// Guests that may take down the hosts they run on. Counted per group are the losses of hosts at which it was present and that a guest
/// could have caused; a group that was present at the loss of two different hosts is held back. Why so and not otherwise is written in
/// <c>docs/decisions/0017</c>.
/// </summary>
internal sealed class LossJudge(NodeState state, LeaveLog leaves)
{
    private const int Kept = 5;

    /// <summary>Hosts that are lost within this time of each other have a cause in common: no guest runs on two of them.</summary>
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(10);

    private (HostSession Lost, Instant At, bool Counts) last;

    /// <summary>What is to be remembered of the group when it leaves the owner that was lost.</summary>
    public ValueList<HostSession> LossesWith(OwnershipRecord own)
    {
        // L3: an owner that never got to start it did not fall to it.
        if (!own.HasRun || OwnershipRules.OwnerOf(own) is not { } owner || own.Losses.Contains(owner) || !Counts(owner))
            return own.Losses;
        return own.Losses.Add(owner).TakeLast(Kept).ToValueList();
    }

    /// <summary>Why the group is held back instead of being given to another host; null when it is not.</summary>
    public string? Hold(GroupId group, OwnershipRecord own) =>
        IsSuspect(group, own) && Suspects() <= Math.Max(1, state.View.Groups.Count / 4)
            ? Reason(LossesWith(own))
            : null;

    /// <summary>True of a group that was held back and still is.</summary>
    public static bool IsHeld(OwnershipRecord own) => own.Phase is OwnershipPhase.Blocked && Hosts(own.Losses) > 1;

    /// <summary>
    /// A guest can hang a host, panic it or reset it. It cannot cut its power: a host whose power was off at the first reading lost it for
    /// a reason that is no guest's doing, and neither is a host that stopped in order or that a person declared dead.
    /// </summary>
    public static bool CouldBeAGuestsDoing(FenceRecord fence) => !fence.Proofs.IsEmpty && fence.Proofs[0] switch
    {
        Proof.Power => fence.SeenOn,
        Proof.NewBoot or Proof.CrashDump or Proof.Lease or Proof.Storage => true,
        Proof.Orderly or Proof.Person => false,
    };

    private bool IsSuspect(GroupId group, OwnershipRecord own) =>
        !own.Losses.IsEmpty && state.View.Groups.GetValueOrDefault(group)?.Value is { Desired: DesiredState.Running } spec
        && spec.OnRepeatedLoss == RepeatedLossPolicy.Hold && Hosts(LossesWith(own)) > 1
        && OwnershipRules.OwnerOf(own) is { } owner && state.View.HasProof(owner, group);

    // When more than a quarter of all guests would have to be held, it is the hosts that fail, or the next loss will tell the one guest.
    private int Suspects() => state.View.Ownerships.Count(o => IsHeld(o.Value.Value) || IsSuspect(o.Key, o.Value.Value));

    private bool Counts(HostSession lost)
    {
        if (last.Lost != lost || last.At != state.Now)
            last = (lost, state.Now, MayCount(lost));
        return last.Counts;
    }

    private bool MayCount(HostSession lost) =>
        state.View.HasProof(lost) && CouldBeAGuestsDoing(state.View.Fences[lost].Value)
        && state.View.Hosts.GetValueOrDefault(lost.Host) is { Value.Maintenance: false }
        && leaves.OnlyThisOneLeft(lost.Host, Alone)
        && !state.View.Sessions.Keys.Any(host => host != lost.Host && IsInTrouble(host));

    private bool IsInTrouble(HostId host) =>
        state.View.Sessions[host].Value.State == SessionState.Fencing
        || (host != state.Self && state.View.OnlineSession(host) is not null
            && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now));

    private static int Hosts(ValueList<HostSession> losses) => losses.Select(loss => loss.Host).Distinct().Count();

    private static string Reason(ValueList<HostSession> losses)
    {
        var hosts = losses.Select(loss => loss.Host).Distinct().ToArray();
        return $"quarantined: present at {hosts.Length} host losses ({string.Join(", ", hosts)})";
    }
}
