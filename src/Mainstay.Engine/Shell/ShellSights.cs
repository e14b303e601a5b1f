using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Engine.Shell;

/// <summary>How an input changes what the agent sees.</summary>
internal static class ShellSights
{
    public static ShellSight After(ShellSight before, NodeInput input, AgentNode node, Instant now)
    {
        _ = node;
        var next = input switch
        {
            NodeInput.StoreLoaded e => before with { View = ClusterView.From(e.Entries), Revision = e.Revision },
            NodeInput.StoreChanged e => before with
            {
                View = e.Entries.Aggregate(before.View, (view, entry) => view.With(entry)),
                Revision = Math.Max(before.Revision, e.Revision),
            },
            NodeInput.StoreReachable e => before with { StoreReachable = e.Reachable, StoreWhy = e.Why },
            NodeInput.BeaconReported e => before with { Beacon = e.Report, BeaconAt = now },
            NodeInput.BeaconConnected { Connected: false } => before with { Beacon = null },
            _ => before,
        };
        return next;
    }
}
