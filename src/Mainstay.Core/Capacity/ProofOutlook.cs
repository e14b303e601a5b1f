using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Capacity;

/// <summary>
/// From when on the death of a host could be proved, by the limits of its settings (<c>docs/timing.md</c>). How long its power controller
/// takes, and its guests to start, comes on top.
/// </summary>
/// <param name="PowerOff">By a reading of its power, when that is off; null without a fence method.</param>
/// <param name="Hung">By switching its power off, when it hangs or is cut off; null without a fence method.</param>
/// <param name="Lease">By its keeper lease, whatever happened to it; null when it keeps none.</param>
public sealed record ProofOutlook(HostId Host, TimeSpan? PowerOff, TimeSpan? Hung, TimeSpan? Lease)
{
    public static ProofOutlook Of(ClusterView view, HostId host)
    {
        var fenced = view.Hosts.GetValueOrDefault(host)?.Value is { FenceMethods.IsEmpty: false };
        return new ProofOutlook(
            host,
            fenced ? view.Timing.SuspectAfter : null,
            fenced ? view.Timing.CommitAfter : null,
            view.Sessions.GetValueOrDefault(host)?.Value.Lease?.Terms.SafeAfter);
    }
}
