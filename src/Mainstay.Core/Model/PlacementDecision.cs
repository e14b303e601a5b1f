using Mainstay.Core.Placement;

namespace Mainstay.Core.Model;

/// <summary>A placement decision kept for <c>mainstay explain</c>.</summary>
/// <param name="Chosen">Null when no host could take the group.</param>
/// <param name="Because">The event and the evidence that led to the decision.</param>
public sealed record PlacementDecision(
    Epoch Epoch, HostId? Chosen, string Because, ValueList<HostScore> Considered) : StoreValue;

/// <summary>How one host did in a decision: a score (higher is better), or why it was rejected.</summary>
public sealed record HostScore(HostId Host, long Score, string? Rejected)
{
    /// <summary>What the score is made of; kept for the best hosts of a decision.</summary>
    public ValueList<ScorePart> Parts { get; init; }
}
