using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Membership;

/// <summary>
/// A new boot is the proof that the old session is over only if it is the same machine that booted. A disk that was cloned into another one
/// makes the same claim while the guests of the old session run (<c>docs/decisions/0019</c>).
/// </summary>
internal static class ArrivalRules
{
    /// <summary>Heard within this time: it lives. Silent for so long, a machine that proves to be the same has rebooted.</summary>
    public static readonly TimeSpan BeaconsCease = TimeSpan.FromMilliseconds(500);

    /// <summary>How long everybody must not have heard the old session when nothing tells one machine from another.</summary>
    public static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(3);

    /// <summary>How long the same machine listens when not all hosts are heard.</summary>
    public static readonly TimeSpan Listens = TimeSpan.FromSeconds(1);

    /// <summary>How long others may object in the store when not all hosts are heard and nothing tells one machine from another.</summary>
    public static readonly TimeSpan MayObject = TimeSpan.FromSeconds(3);

    public static ArrivalVerdict Judge(NodeState state, SessionRecord old)
    {
        var view = state.View;
        var target = new HostSession(state.Self, old.Session);
        var same = state.Guards.ComparesHardware ? IsSameMachine(view, state.Self, state.Hardware, old) : true;
        // S2: not even when the old session is proved dead: the fence methods of the host may switch the old machine off, not this one.
        if (same == false && !IsAccepted(view, target))
            return new ArrivalVerdict.Held($"the session was begun on other hardware ({old.Hardware}; this is {state.Hardware})");
        if (view.HasFullProof(target) || !state.Guards.ListensBeforeNewBoot)
            return new ArrivalVerdict.Welcome();
        if (WhoHears(state) is { } witness)
            return new ArrivalVerdict.Held($"{witness} hears session {old.Session} of {state.Self} on another machine");
        var others = view.Hosts.Keys.Where(h => h != state.Self && view.OnlineSession(h) is not null).ToArray();
        var limit = same == true ? BeaconsCease : SilentFor;
        var unsure = others.Where(h => !SaysSilent(state, h, limit, same == true)).ToArray();
        return others.Length > 0 && unsure.Length == 0
            ? new ArrivalVerdict.Welcome()
            : new ArrivalVerdict.Unclear(
                others.Length == 0
                    ? "no other host is online that could hear its old session"
                    : $"{string.Join(", ", unsure)} did not say that the old session is silent",
                same == true);
    }

    /// <summary>Null when the firmware says nothing, or the same on several hosts.</summary>
    public static bool? IsSameMachine(ClusterView view, HostId self, string? hardware, SessionRecord old)
    {
        if (hardware is null || old.Hardware is not { } before || view.IsWitness(self))
            return null;
        var others = view.Sessions.Where(s => s.Key != self).Select(s => s.Value.Value.Hardware).ToArray();
        return others.Contains(hardware, StringComparer.Ordinal) || others.Contains(before, StringComparer.Ordinal)
            ? null
            : string.Equals(before, hardware, StringComparison.Ordinal);
    }

    /// <summary>A person said that the old machine is dead: then this one takes its place.</summary>
    private static bool IsAccepted(ClusterView view, HostSession target) =>
        view.Fences.GetValueOrDefault(target)?.Value.Proofs.Any(proof => proof is Proof.Person) == true;

    // This machine sends no beacon before it has joined: whatever others hear under its number is sent by another one.
    private static HostId? WhoHears(NodeState state)
    {
        foreach (var peer in state.Hearing.Report.Peers.AsSpan())
        {
            if (OpinionOf(state, peer.Host) is { HostAnswers: false } said && said.Silence < BeaconsCease)
                return peer.Host;
        }

        return null;
    }

    // The kernel that refused a beacon may be our own, before our beacon was there, if this is the same machine.
    private static bool SaysSilent(NodeState state, HostId host, TimeSpan limit, bool sameMachine) =>
        OpinionOf(state, host) is { } said && (said.HostAnswers ? sameMachine : said.Silence >= limit);

    private static PeerOpinion? OpinionOf(NodeState state, HostId host) =>
        state.Hearing.IsHeard(host, state.Timing.SuspectAfter, state.Now) ? state.Hearing.Sight(host)?.OpinionOf(state.Self) : null;
}
