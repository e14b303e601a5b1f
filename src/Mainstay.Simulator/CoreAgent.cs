using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator;

/// <summary>The production core as an agent of the virtual world.</summary>
public sealed class CoreAgent : ISimulatedAgent
{
    private readonly AgentNode node;

    internal CoreAgent(AgentBirth birth, bool decidesAlways, ProtocolGuards guards) =>
        node = new AgentNode(birth.Self, birth.Boot, birth.Seed, birth.Mark, guards)
        {
            DecidesAlways = decidesAlways, Hardware = birth.Hardware,
        };

    public Instant NextWake => node.NextWake;

    public bool IsSettled => node.IsSettled;

    public string? WriteFault => node.WriteFault;

    public string? WhyNotStarted(GroupId group) => node.WaitingStarts.GetValueOrDefault(group);

    public ValueList<NodeEffect> Handle(NodeInput input, Instant now) => node.Handle(input, now);

    public static ISimulatedAgent Create(AgentBirth birth) => new CoreAgent(birth, decidesAlways: false, ProtocolGuards.All);

    /// <summary>Decides upon every input, also one that brings no news.</summary>
    public static ISimulatedAgent CreateExact(AgentBirth birth) => new CoreAgent(birth, decidesAlways: true, ProtocolGuards.All);
}
