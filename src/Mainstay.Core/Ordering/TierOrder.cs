using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Ordering;

/// <summary>
/// Groups of a lower tier number are started before the others, as long as that costs little: a group that does not come up within a
/// minute, or that failed to start, holds nobody up.
/// </summary>
internal sealed class TierOrder(NodeState state, Func<HostId, bool> isSilent)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SortedDictionary<GroupId, (Epoch Epoch, Instant Since)> pending = [];
    private readonly List<GroupId> over = [];
    private readonly List<(GroupId Group, int Tier, Instant Since)> ahead = [];
    private (object? Ownerships, object? Groups, bool Fresh) seen;
    private (SessionId? Session, Instant At) joined;

    /// <summary>Notes which groups are about to be started, anywhere.</summary>
    public void Run(StartGraph graph)
    {
        if (joined.Session != state.Session)
            joined = (state.Session, state.Now);
        if (graph.Uniform)
        {
            pending.Clear();
            ahead.Clear();
            seen = default;
            return;
        }

        // A host that came back with others lets them come back too before it takes those for lost.
        var fresh = state.Now < joined.At + Patience;
        if (ReferenceEquals(seen.Ownerships, state.View.Ownerships) && ReferenceEquals(seen.Groups, state.View.Groups)
            && seen.Fresh == fresh)
            return;
        seen = (state.View.Ownerships, state.View.Groups, fresh);
        foreach (var (group, own) in state.View.Ownerships)
        {
            if (!IsAboutToStart(group, own.Value, fresh))
            {
                if (pending.Count > 0)
                    pending.Remove(group);
            }
            else if (!pending.TryGetValue(group, out var known) || known.Epoch != own.Value.Epoch)
                pending[group] = (own.Value.Epoch, known.Since == default ? state.Now : known.Since);
        }

        over.AddRange(pending.Keys.Where(group => !state.View.Ownerships.ContainsKey(group)));
        foreach (var group in over)
            pending.Remove(group);
        over.Clear();
        ahead.Clear();
        foreach (var (group, (_, since)) in pending)
            ahead.Add((group, graph.TierOf(group), since));
    }

    /// <summary>A more important group that goes first; null when none does.</summary>
    public string? Waits(GroupId group, StartGraph graph)
    {
        var tier = graph.TierOf(group);
        if (tier == 0 || graph.Uniform)
            return null;
        GroupId? first = null;
        foreach (var (other, otherTier, since) in ahead)
        {
            if (otherTier >= tier || state.Now >= since + Patience || IsSilentAt(other))
                continue;
            state.WakeAt(since + Patience);
            first ??= other;
        }

        return first is { } goesFirst ? $"{goesFirst} of tier {graph.TierOf(goesFirst)} goes first" : null;
    }

    private bool IsAboutToStart(GroupId group, OwnershipRecord own, bool fresh)
    {
        if (!own.Failures.IsEmpty)
            return false;
        var starts = own.Phase switch
        {
            OwnershipPhase.Assigned => true,
            OwnershipPhase.Claimed claimed => state.View.IsOnline(claimed.Owner) ? !own.HasRun : fresh,
            OwnershipPhase.Free => fresh && own.KeptFor is null,
            OwnershipPhase.Releasing or OwnershipPhase.Migrating or OwnershipPhase.Blocked => false,
        };
        return starts && state.View.Groups.GetValueOrDefault(group)?.Value is { Desired: DesiredState.Running }
            && !state.View.IsSuspended(group);
    }

    // What a silent host was about to start waits for a proof: nobody waits for that.
    private bool IsSilentAt(GroupId group) =>
        OwnershipRules.PlaceOf(state.View.Ownerships[group].Value) is { } host && state.View.OnlineSession(host) is not null
        && isSilent(host);
}
