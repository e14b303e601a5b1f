using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator;

/// <summary>What the world needs of an agent. The production core fits it; a test may put something broken in its place.</summary>
public interface ISimulatedAgent
{
    Instant NextWake { get; }

    /// <summary>Input without news would lead to nothing now. False unless it is known.</summary>
    bool IsSettled => false;

    /// <summary>Why it thinks that the store takes no writes; null when it does not think so.</summary>
    string? WriteFault => null;

    /// <summary>Why it does not start a guest yet that it is to start; null when it starts it, or is not to.</summary>
    string? WhyNotStarted(GroupId group) => null;

    ValueList<NodeEffect> Handle(NodeInput input, Instant now);
}
