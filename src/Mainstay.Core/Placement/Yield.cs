using Mainstay.Core.Model;

namespace Mainstay.Core.Placement;

/// <summary>A running group that makes room.</summary>
/// <param name="Group">The one that leaves its host.</param>
/// <param name="From">Where it runs.</param>
/// <param name="To">Where it goes; null when it is stopped until there is room again.</param>
/// <param name="For">The more important group.</param>
internal sealed record Yield(GroupId Group, HostId From, HostId? To, GroupId For);
