using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator;

/// <summary>The production core as an agent of the virtual world.</summary>
public sealed class CoreAgent(AgentBirth birth) : ISimulatedAgent
{
    private readonly AgentNode node = new(birth.Self, birth.Boot, birth.Seed, birth.Mark);

    public Instant NextWake => node.NextWake;

    public ValueList<NodeEffect> Handle(NodeInput input, Instant now) => node.Handle(input, now);

    public static ISimulatedAgent Create(AgentBirth birth) => new CoreAgent(birth);
}
