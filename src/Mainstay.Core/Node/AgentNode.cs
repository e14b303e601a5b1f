using Mainstay.Core.Model;

namespace Mainstay.Core.Node;

/// <summary>
/// The whole agent as one synchronous state machine: no clock, no I/O, no threads. The daemon and the simulator run this same class.
/// </summary>
/// <param name="self">This host.</param>
/// <param name="boot">This boot of its kernel.</param>
/// <param name="seed">Source of session numbers and jitter; random in production, from the scenario in the simulator.</param>
public sealed class AgentNode(HostId self, BootId boot, ulong seed)
{
    /// <summary>When the node wants a <see cref="NodeInput.Tick"/> if nothing else happens before.</summary>
    public Instant NextWake { get; private set; } = Instant.Never;

    /// <summary>Takes one input at a time that never goes back, and returns what is to be done, in order.</summary>
    public ValueList<NodeEffect> Handle(NodeInput input, Instant now)
    {
        _ = (self, boot, seed, input, now);
        return [];
    }
}
