using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator;

/// <summary>How a scenario is run.</summary>
public sealed record ScenarioOptions
{
    private readonly Func<AgentBirth, ISimulatedAgent>? agents;

    /// <summary>Nothing is left out that changes nothing: slower, with the same facts.</summary>
    public static ScenarioOptions Exact { get; } = new() { Agents = CoreAgent.CreateExact, LeavesOut = false };

    /// <summary>Replaces the seed of the file.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Told each fact as it happens, for a live timeline.</summary>
    public Action<TimedFact>? OnFact { get; init; }

    /// <summary>What runs on each host: the production core unless a test says otherwise.</summary>
    public Func<AgentBirth, ISimulatedAgent> Agents
    {
        get => agents ?? (birth => new CoreAgent(birth, decidesAlways: false, Protocol));
        init => agents = value;
    }

    /// <summary>Beacons that change nothing are not sent one by one.</summary>
    internal bool LeavesOut { get; init; } = true;

    /// <summary>The guards of the keeper lease: all of them, unless a test takes one away.</summary>
    internal LeaseGuards Guards { get; init; } = LeaseGuards.All;

    /// <summary>The guards of ownership, fencing and starts: all of them, unless a test takes one away.</summary>
    internal ProtocolGuards Protocol { get; init; } = ProtocolGuards.All;
}
