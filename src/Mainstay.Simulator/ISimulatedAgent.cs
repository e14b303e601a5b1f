using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator;

/// <summary>What the world needs of an agent. The production core fits it; a test may put something broken in its place.</summary>
public interface ISimulatedAgent
{
    Instant NextWake { get; }

    /// <summary>Input without news would lead to nothing now. False unless it is known.</summary>
    bool IsSettled => false;

    ValueList<NodeEffect> Handle(NodeInput input, Instant now);
}
