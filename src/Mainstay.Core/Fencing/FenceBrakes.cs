using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Fencing;

/// <summary>S5: when silence alone is not enough to fence. Every answer says why.</summary>
internal static class FenceBrakes
{
    /// <summary>An observer whose own loop stood still this long does not accuse.</summary>
    private static readonly TimeSpan LongestOwnStall = TimeSpan.FromMilliseconds(500);

    /// <summary>Other observers' opinions travel in beacons: they may lag behind by this much.</summary>
    internal static readonly TimeSpan OpinionLag = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers of fence devices older than this do not show that the network works now.</summary>
    private static readonly TimeSpan DeviceAnswerLife = TimeSpan.FromSeconds(2);

    /// <summary>A storm's brake outlives it: when a partition heals, the hosts are heard again one after the other.</summary>
    private static readonly TimeSpan StormEcho = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A leader that is new, or whose store is back, may have been cut off until a moment ago: beacons need this long to arrive again.
    /// </summary>
    private static readonly TimeSpan ListenFirst = TimeSpan.FromMilliseconds(1500);

    /// <summary>Null when the case may be committed now; a sentence when it is held.</summary>
    public static string? Hold(
        NodeState state, FenceCase fence, HostConfig config, Instant? lastSilenceFence, Instant? actingSince, Instant? stormSeen)
    {
        var (timing, hearing, host, guards) = (state.Timing, state.Hearing, fence.Target.Host, state.Guards);
        if (config.FenceMethods.IsEmpty && state.View.Sessions.GetValueOrDefault(host)?.Value.Lease is null
            && StorageRules.Useful(state.View, fence.Target).Count == 0)
            return "no fence method is configured, so no proof of death is possible; see mainstay fence set";
        if (guards.StalledDoesNotAccuse && hearing.Report.OwnStall > LongestOwnStall)
            return "this observer was stalled itself";
        if (!HasListened(state, actingSince))
            return $"{state.Self} has just taken the lead or regained the store, and listens first";
        if (guards.DeafDoesNotAccuse && IsDeafAmongOthers(state))
            return $"{state.Self} hears nobody, and others keep the store: it is cut off itself";
        if (guards.DeafDoesNotAccuse && IsDeaf(state)
            && (fence.DeviceAnsweredAt is not { } answered || state.Now - answered > DeviceAnswerLife))
            return $"{state.Self} hears nobody and no fence device answers: more likely it is cut off itself";
        var voters = state.View.Sessions.Keys.Where(h => h != state.Self && state.View.OnlineSession(h) is not null);
        var (silent, observers) = hearing.Votes(host, voters, timing.CommitAfter - OpinionLag, timing.SuspectAfter, state.Now);
        if (guards.AsksObservers && silent * 3 < observers * 2)
            return $"only {silent} of {observers} observers do not hear it";
        if (guards.BelievesKernelAnswers && hearing.WhoseQuestionsItAnswers(host, timing.SuspectAfter, state.Now) is { } witness)
            return $"its kernel answers {witness}: its beacon is dead, the host lives";
        if (guards.BrakesInStorm && stormSeen is { } storm && state.Now - storm < StormEcho
            && state.Now < fence.SuspectedAt + timing.StormHold)
            return "too many hosts fell silent at once: more likely our view is broken than they are";
        if (guards.SpacesFences && lastSilenceFence is { } last && state.Now < last + timing.SilenceFenceSpacing)
            return $"another host was fenced on silence less than {timing.SilenceFenceSpacing.TotalSeconds:0} s ago, or may have been";
        return null;
    }

    /// <summary>False for a leader that is new, or whose store has just come back.</summary>
    public static bool HasListened(NodeState state, Instant? actingSince) =>
        !state.Guards.ListensFirst || (actingSince is { } acting && state.Now - acting >= ListenFirst);

    /// <summary>
    /// More than a quarter of the hosts, and more than one, are silent at this moment. A witness is never fenced, so it may be silent for
    /// long and says nothing.
    /// </summary>
    public static bool IsStorm(NodeState state)
    {
        var (online, silent) = (0, 0);
        foreach (var host in state.View.Sessions.Keys)
        {
            if (state.View.OnlineSession(host) is null || state.View.IsWitness(host))
                continue;
            online++;
            if (host != state.Self && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now))
                silent++;
        }

        return silent > Math.Max(1, online / 4);
    }

    // From three hosts on the store has three members or more: it would not answer if all others were dead.
    private static bool IsDeafAmongOthers(NodeState state) => state.View.Hosts.Count > 2 && IsDeaf(state);

    private static bool IsDeaf(NodeState state) =>
        state.Hearing.Report.Peers.All(p => !state.Hearing.IsHeard(p.Host, state.Timing.SuspectAfter, state.Now));
}
