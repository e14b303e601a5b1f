using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>What an attempt did, read from the arrangement it left.</summary>
internal sealed class PackingOutcome
{
    private readonly TierCounts missing = new();
    private readonly List<PackedGroup> placed = [];
    private readonly List<PackedGroup> moves = [];
    private readonly List<int> stopped = [];
    private readonly List<int> unplaced = [];

    /// <param name="world">Where its groups were before.</param>
    /// <param name="arrangement">As the attempt left it.</param>
    /// <param name="waiting">Groups that wanted a place.</param>
    /// <param name="since">The mark at which the attempt began.</param>
    public PackingOutcome(PackingWorld world, Arrangement arrangement, IReadOnlyList<int> waiting, int since)
    {
        foreach (var group in waiting)
        {
            if (arrangement.At(group) is { } host)
                placed.Add(new PackedGroup(group, host));
            else
                unplaced.Add(group);
        }

        foreach (var (group, from) in arrangement.ChangedSince(since))
        {
            if (from is null || arrangement.At(group) == from)
                continue;
            if (arrangement.At(group) is { } host)
                moves.Add(new PackedGroup(group, host));
            else
                stopped.Add(group);
        }

        foreach (var group in unplaced.Concat(stopped))
            missing.Add(world.Groups[group].Tier, 1);
    }

    public bool IsComplete => unplaced.Count == 0 && stopped.Count == 0;

    public bool PlacesNone => placed.Count == 0;

    /// <summary>Fewer are without a place, the most important first; then fewer are stopped, then fewer moved.</summary>
    public bool IsBetterThan(PackingOutcome other) => missing.CompareTo(other.missing) is var order and not 0
        ? order < 0
        : (stopped.Count, moves.Count).CompareTo((other.stopped.Count, other.moves.Count)) < 0;

    /// <summary>Does it again.</summary>
    public void Restore(Arrangement arrangement)
    {
        stopped.ForEach(arrangement.Take);
        moves.ForEach(move => arrangement.Take(move.Group));
        foreach (var step in moves.Concat(placed))
            arrangement.Put(step.Group, step.Host);
    }

    public PackingPlan Plan(long work, bool proven) =>
        new(placed.ToValueList(), moves.ToValueList(), stopped.ToValueList(), unplaced.ToValueList(), proven, work);
}
