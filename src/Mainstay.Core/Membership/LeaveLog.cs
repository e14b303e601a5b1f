using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Membership;

/// <summary>
/// When hosts left without a plan, as this agent saw it happen by its own clock: no clocks are compared across hosts. A leave is a session
/// that was proved dead, or that another one took the place of while it was alive; what left in order or was in maintenance does not count.
/// Every agent keeps the log, so that a new leader knows what its predecessor knew.
/// </summary>
internal sealed class LeaveLog(NodeState state)
{
    /// <summary>Older leaves are forgotten.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly SortedDictionary<HostId, (SessionId Session, SessionState State)> known = [];
    private readonly List<(HostId Host, Instant At)> leaves = [];
    private ImmutableSortedDictionary<HostId, Stored<SessionRecord>> noted = ImmutableSortedDictionary<HostId, Stored<SessionRecord>>.Empty;

    /// <summary>Since when this agent follows the store; null while it has not read it.</summary>
    public Instant? FollowingSince { get; private set; }

    public void Note()
    {
        if (state.View.Loaded)
            FollowingSince ??= state.Now;
        if (ReferenceEquals(noted, state.View.Sessions))
            return;
        noted = state.View.Sessions;
        leaves.RemoveAll(leave => state.Now - leave.At > Kept);
        foreach (var (host, record) in noted)
        {
            if (known.TryGetValue(host, out var before) && IsLeave(before, record.Value)
                && state.View.Hosts.GetValueOrDefault(host) is not { Value.Maintenance: true })
                leaves.Add((host, state.Now));
            known[host] = (record.Value.Session, record.Value.State);
        }
    }

    /// <summary>How often the host left within the time.</summary>
    public int Count(HostId host, TimeSpan within) => leaves.Count(leave => leave.Host == host && state.Now - leave.At <= within);

    /// <summary>Some host may have left so often.</summary>
    public bool AnyLeft(int times) => leaves.Count >= times && leaves.Exists(one => leaves.Count(leave => leave.Host == one.Host) >= times);

    /// <summary>The first leave of the host that still counts; null when none does.</summary>
    public Instant? Oldest(HostId host)
    {
        foreach (var leave in leaves)
        {
            if (leave.Host == host && state.Now - leave.At <= Kept)
                return leave.At;
        }

        return null;
    }

    /// <summary>True when this agent knows that no host but this one left within the time.</summary>
    public bool OnlyThisOneLeft(HostId host, TimeSpan within) =>
        FollowingSince is { } since && state.Now - since >= within
        && leaves.TrueForAll(leave => leave.Host == host || state.Now - leave.At > within);

    /// <summary>A person has looked at the host: what was before is forgotten.</summary>
    public void Forget(HostId host) => leaves.RemoveAll(leave => leave.Host == host);

    private static bool IsLeave((SessionId Session, SessionState State) before, SessionRecord now) =>
        before.State is SessionState.Online or SessionState.Fencing
        && (before.Session != now.Session || now.State == SessionState.Fenced);
}
