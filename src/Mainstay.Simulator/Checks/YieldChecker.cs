using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>
/// S9 where room is made: a running guest leaves its host for another one only when it may be disturbed, and when a more important one
/// waits for a place.
/// </summary>
internal sealed class YieldChecker(VirtualWorld world, CheckerSet checks)
{
    private const string Moved = "moved to";
    private const string Purpose = "to make room for";

    /// <summary>The store takes this ownership of a group.</summary>
    public void Changes(SimHost by, GroupId group, OwnershipRecord next)
    {
        if (next.Phase is not OwnershipPhase.Releasing || !next.Why.Contains(Purpose, StringComparison.Ordinal)
            || GroundTruth.Ownership(world, group)?.Phase is not OwnershipPhase.Claimed)
            return;
        var spec = GroundTruth.Spec(world, group);
        if (spec is null || spec.Yields == Yielding.Never)
            checks.Violate("S9", $"{by.Id} takes {group} from its host, and it yields to nobody");
        else if (spec.Yields == Yielding.Moves && !next.Why.StartsWith(Moved, StringComparison.Ordinal))
            checks.Violate("S9", $"{by.Id} stops {group}, which may only be moved");
        else if (!world.Guests.Any(other => IsMoreImportant(other, spec)))
            checks.Violate("S9", $"{by.Id} takes {group} from its host, and nothing more important waits for a place");
    }

    /// <summary>Its tier, or the lowest of those that wait for it.</summary>
    private int Tier(GroupId group) => world.Guests
        .Where(other => GroundTruth.Spec(world, other.Id)?.Order.After.Any(edge => edge.On == group) == true)
        .Select(other => Tier(other.Id)).Append(GroundTruth.Spec(world, group)?.Tier ?? GroupSpec.LastTier).Min();

    private bool IsMoreImportant(SimGuest other, GroupSpec spec) =>
        GroundTruth.Spec(world, other.Id) is { Desired: DesiredState.Running } && Tier(other.Id) < spec.Tier
        && (GroundTruth.Ownership(world, other.Id)?.Phase is OwnershipPhase.Free or OwnershipPhase.Assigned
            || GroundTruth.OwnerOf(world, other.Id) is { } owner && GroundTruth.Session(world, owner.Host)?.Session != owner.Session
            || other.Executions.Count == 0);
}
