using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Placement;

/// <summary>A group that wants a host.</summary>
/// <param name="Group">For ties and messages.</param>
/// <param name="Spec">What it needs.</param>
/// <param name="Own">Where it failed to start, and the epoch it has.</param>
/// <param name="Because">Why it is placed.</param>
/// <param name="NotOn">The host it is to leave.</param>
internal sealed record PlacementWish(GroupId Group, GroupSpec Spec, OwnershipRecord Own, string Because, HostId? NotOn = null);
