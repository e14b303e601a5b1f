using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Fencing;

/// <summary>
/// A BMC may be wired to another host than the one it is configured for. Then a power-off hits that other host, and the reading "off" is
/// about it (S2). So who was heard when fencing began and fell silent since makes the reading doubtful.
/// </summary>
internal static class WiringDoubt
{
    /// <summary>Members other than the target that are heard now, this host among them: kept when fencing begins.</summary>
    public static ValueList<HostId> Heard(NodeState state, HostId target) => state.View.Sessions.Keys
        .Where(h => h != target && (h == state.Self || state.Hearing.IsHeard(h, state.Timing.SuspectAfter, state.Now)))
        .ToValueList();

    /// <summary>A power-off may have been ordered while another host was heard.</summary>
    public static bool MayBe(NodeState state, FenceCase fence) => HeardAtBegin(state, fence).Any();

    /// <summary>
    /// Why the reading may be about another host; null when it cannot. A host that is heard, or whose own power reads as on, was not
    /// switched off.
    /// </summary>
    public static string? Objection(NodeState state, FenceCase fence, Func<HostId, bool> readsOn)
    {
        foreach (var host in HeardAtBegin(state, fence))
        {
            if (!state.Hearing.IsHeard(host, state.Timing.SuspectAfter, state.Now) && !readsOn(host))
                return $"{host} fell silent since fencing began: the device may be wired to {host}";
        }

        return null;
    }

    private static IEnumerable<HostId> HeardAtBegin(NodeState state, FenceCase fence) =>
        (state.View.Fences.GetValueOrDefault(fence.Target)?.Value.Heard ?? []).Where(
            h => h != state.Self && state.View.Sessions.ContainsKey(h));
}
