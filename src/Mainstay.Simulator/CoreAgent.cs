using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator;

/// <summary>The production core as an agent of the virtual world.</summary>
public sealed class CoreAgent(HostId self, BootId boot, ulong seed) : ISimulatedAgent
{
    private readonly AgentNode node = new(self, boot, seed);

    public Instant NextWake => node.NextWake;

    public ValueList<NodeEffect> Handle(NodeInput input, Instant now) => node.Handle(input, now);

    public static ISimulatedAgent Create(HostId self, BootId boot, ulong seed) => new CoreAgent(self, boot, seed);
}
