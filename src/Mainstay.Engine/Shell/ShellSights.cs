using Mainstay.Core.Node;

namespace Mainstay.Engine.Shell;

/// <summary>How an input changes what the agent sees.</summary>
internal static class ShellSights
{
    public static ShellSight After(ShellSight before, NodeInput input, AgentNode node)
    {
        var next = before with
        {
            View = node.View,
            Hearing = node.Hearing,
            Session = node.Session,
            BeaconConnected = node.BeaconConnected,
            WriteFault = node.WriteFault,
            WaitingStarts = node.WaitingStarts,
        };
        return input switch
        {
            NodeInput.StoreLoaded e => next with { Revision = Math.Max(before.Revision, e.Revision) },
            NodeInput.StoreChanged e => next with { Revision = Math.Max(before.Revision, e.Revision) },
            NodeInput.StoreReachable e => next with { StoreReachable = e.Reachable, StoreWhy = e.Why },
            _ => next,
        };
    }
}
