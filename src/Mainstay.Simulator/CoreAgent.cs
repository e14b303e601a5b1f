using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator;

/// <summary>The production core as an agent of the virtual world.</summary>
public sealed class CoreAgent : ISimulatedAgent
{
    private readonly AgentNode node;

    public CoreAgent(HostId self, BootId boot, ulong seed)
        : this(self, boot, seed, ProtocolGuards.All)
    {
    }

    internal CoreAgent(HostId self, BootId boot, ulong seed, ProtocolGuards guards) => node = new AgentNode(self, boot, seed, guards);

    public Instant NextWake => node.NextWake;

    public ValueList<NodeEffect> Handle(NodeInput input, Instant now) => node.Handle(input, now);

    public static ISimulatedAgent Create(HostId self, BootId boot, ulong seed) => new CoreAgent(self, boot, seed);
}
