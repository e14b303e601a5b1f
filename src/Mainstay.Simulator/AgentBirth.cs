using Mainstay.Core.Model;

namespace Mainstay.Simulator;

/// <summary>What an agent knows when its process begins.</summary>
/// <param name="Mark">What its host's disk says it has seen of the store; null when it says nothing.</param>
public sealed record AgentBirth(HostId Self, BootId Boot, ulong Seed, StoreMark? Mark)
{
    /// <summary>What the firmware calls its machine; null when it says nothing usable.</summary>
    public string? Hardware { get; init; }
}
