using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Placement;

/// <summary>A running group that may lose its place: to a more important one, or with its host.</summary>
internal sealed record YieldingGroup(GroupId Group, GroupSpec Spec, OwnershipRecord Own, HostId Host);
