using Mainstay.Core.Model;

namespace Mainstay.Core.Capacity;

/// <summary>What is known of a loss before it happens.</summary>
public enum LossVerdict
{
    /// <summary>A plan was constructed that gives every guest a place: it is the proof.</summary>
    Survived,

    /// <summary>No plan was found, and no proof that there is none.</summary>
    NotProven,

    /// <summary>There is no plan.</summary>
    NotSurvived,
}

/// <summary>A guest that would start on another host.</summary>
/// <param name="From">The host that lost it; null when it waited for a place, or leaves its host to make room.</param>
public sealed record PlannedStart(GroupId Group, HostId? From, HostId To);

/// <summary>A guest that would have no place.</summary>
/// <param name="Why">What each host that is left lacks.</param>
public sealed record StrandedGuest(GroupId Group, string Why);

/// <summary>What follows from a loss, by the decision that would follow it.</summary>
/// <param name="Starts">In the order of the losses: a guest may start twice.</param>
public sealed record LossPlan(LossCase Case, LossVerdict Verdict, ValueList<PlannedStart> Starts, ValueList<StrandedGuest> Stranded)
{
    /// <summary>Guests that would be stopped for more important ones, as their policy says: they count as having a place.</summary>
    public ValueList<GroupId> Stopped { get; init; }
}
