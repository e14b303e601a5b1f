using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>What goes where. Positions are those of the world.</summary>
/// <param name="Placed">Groups that wanted a place and have one.</param>
/// <param name="Moves">Running groups that make room by going to another host, to be moved first.</param>
/// <param name="Stopped">Running groups that make room by being stopped.</param>
/// <param name="Unplaced">Groups that wanted a place and have none.</param>
/// <param name="Proven">No other plan places more without disturbing what runs: it was complete, or everything was tried.</param>
/// <param name="Work">Hosts looked at for it: a measure that is the same on every machine.</param>
internal sealed record PackingPlan(
    ValueList<PackedGroup> Placed,
    ValueList<PackedGroup> Moves,
    ValueList<int> Stopped,
    ValueList<int> Unplaced,
    bool Proven,
    long Work)
{
    /// <summary>Everything that wanted a place has one, and nothing was stopped for it.</summary>
    public bool IsComplete => Unplaced.IsEmpty && Stopped.IsEmpty;
}
