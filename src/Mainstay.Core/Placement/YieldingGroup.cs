using Mainstay.Core.Model;

namespace Mainstay.Core.Placement;

/// <summary>A running group that may be moved or stopped for a more important one.</summary>
internal sealed record YieldingGroup(GroupId Group, GroupSpec Spec, HostId Host);
