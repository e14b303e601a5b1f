using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Fencing;

/// <summary>
/// When a fence on silence last began, and since when each session is known. The spacing of fences must outlive the leader that began one,
/// so everybody notes what the store says (S5). And a session is silent only since it is known: a host that has just joined, or that a new
/// leader has just learnt of, is given its time to be heard.
/// </summary>
internal sealed class FenceLog(NodeState state)
{
    private readonly SortedDictionary<HostId, (SessionId Session, Instant Since, bool IsFencing)> sessions = [];
    private object? noted;
    private Instant? followingSince;
    private Instant? last;
    private long incarnation;

    /// <summary>
    /// Null when none is known. An agent that has just begun to follow the store, as after a reboot, may have missed the last fence of a
    /// cluster that has fenced.
    /// </summary>
    public Instant? LastSilenceFence => state.View.Fences.IsEmpty && incarnation <= 1 ? last : last ?? followingSince;

    /// <summary>When this agent learnt of the current session of the host.</summary>
    public Instant KnownSince(HostId host) => sessions.GetValueOrDefault(host).Since;

    /// <summary>This agent begins one.</summary>
    public void Begun() => last = state.Now;

    /// <summary>Notes what the store says.</summary>
    public void Note()
    {
        if (state.View.Loaded)
            followingSince ??= state.Now;
        NoteRestore();
        if (ReferenceEquals(noted, state.View.Sessions))
            return;
        noted = state.View.Sessions;
        foreach (var (host, record) in state.View.Sessions)
        {
            var (session, isFencing) = (record.Value.Session, record.Value.State == SessionState.Fencing);
            var known = sessions.GetValueOrDefault(host);
            if (known.Session != session)
                known = (session, state.Now, false);
            if (isFencing && !known.IsFencing)
                last = state.Now;
            sessions[host] = known with { IsFencing = isFencing };
        }
    }

    // S5: a store that was put back in time has forgotten fences, also one that a leader began on it before anybody noticed.
    private void NoteRestore()
    {
        if (state.View.Incarnation <= incarnation)
            return;
        if (incarnation > 0)
            last = state.Now;
        incarnation = state.View.Incarnation;
    }
}
