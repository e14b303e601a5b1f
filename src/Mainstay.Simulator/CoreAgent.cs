using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator;

/// <summary>The production core as an agent of the virtual world.</summary>
public sealed class CoreAgent : ISimulatedAgent
{
    private readonly AgentNode node;

    internal CoreAgent(HostId self, BootId boot, ulong seed, bool decidesAlways, ProtocolGuards guards) =>
        node = new AgentNode(self, boot, seed, guards) { DecidesAlways = decidesAlways };

    public Instant NextWake => node.NextWake;

    public bool IsSettled => node.IsSettled;

    public ValueList<NodeEffect> Handle(NodeInput input, Instant now) => node.Handle(input, now);

    public static ISimulatedAgent Create(HostId self, BootId boot, ulong seed) =>
        new CoreAgent(self, boot, seed, decidesAlways: false, ProtocolGuards.All);

    /// <summary>Decides upon every input, also one that brings no news.</summary>
    public static ISimulatedAgent CreateExact(HostId self, BootId boot, ulong seed) =>
        new CoreAgent(self, boot, seed, decidesAlways: true, ProtocolGuards.All);
}
