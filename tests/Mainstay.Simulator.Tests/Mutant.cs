using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator.Tests;

/// <summary>The production core with one thing broken, to show that the checkers can fail.</summary>
internal sealed class Mutant(ISimulatedAgent core, Func<object, object?> breakage) : ISimulatedAgent
{
    public Instant NextWake => core.NextWake;

    public ValueList<NodeEffect> Handle(NodeInput input, Instant now)
    {
        if (breakage(input) is not NodeInput seen)
            return [];
        return core.Handle(seen, now).Select(effect => breakage(effect)).OfType<NodeEffect>().ToValueList();
    }

    /// <summary>Takes a host that is on for off.</summary>
    public static object? CallAliveDead(object message) => message is NodeInput.PowerRead { Power: Observed<PowerState>.Known } read
        ? read with { Power = new Observed<PowerState>.Known(PowerState.Off) }
        : message;

    /// <summary>Sends transactions without their guards.</summary>
    public static object? DropGuards(object message) => message is NodeEffect.Persist persist
        ? persist with { Transaction = persist.Transaction with { Guards = [] } }
        : message;

    /// <summary>Stops every guest it starts or adopts.</summary>
    public static object? StopWhatItLists(object message) => message is NodeEffect.ListGuests list
        ? new NodeEffect.StopGuest(list.Operation, new GroupId("web"), "", Core.Recovery.StopMode.Destroy)
        : message;

    /// <summary>Never starts anything.</summary>
    public static object? NeverStart(object message) => message is NodeEffect.StartGuest ? null : message;

    /// <summary>Falls over at the first power reading.</summary>
    public static object? Crash(object message) =>
        message is NodeInput.PowerRead ? throw new InvalidOperationException("broken on purpose") : message;
}
