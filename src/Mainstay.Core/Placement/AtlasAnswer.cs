using Mainstay.Core.Model;

namespace Mainstay.Core.Placement;

/// <summary>A guest that would start on another host.</summary>
/// <param name="From">The lost host; null when it waited for a place, or leaves its host to make room.</param>
internal readonly record struct AtlasStart(GroupId Group, HostId? From, HostId To);

/// <summary>What a loss would lead to.</summary>
/// <param name="Starts">In the order of the losses.</param>
/// <param name="Stopped">Running guests that would be stopped for more important ones, as their policy says.</param>
/// <param name="Stranded">Guests without a place, each with what every host lacks.</param>
/// <param name="Proven">No other plan places more.</param>
internal sealed record AtlasAnswer(
    ValueList<AtlasStart> Starts, ValueList<GroupId> Stopped, ValueList<(GroupId Group, string Why)> Stranded, bool Proven);
