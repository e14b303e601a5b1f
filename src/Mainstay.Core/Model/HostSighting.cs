namespace Mainstay.Core.Model;

/// <summary>
/// What a host found when it was asked to look for guests. Each answer was taken from an inventory asked for after its hook was known to
/// refuse the guest, so that none can appear later.
/// </summary>
/// <param name="Incarnation">The incarnation of the store in which it looked.</param>
/// <param name="Running">Of the groups that were suspended then, those that execute here. The others cannot be started here.</param>
public sealed record HostSighting(
    SessionId Session, long Incarnation, ValueList<AdoptionSighting> Adoptions, ValueList<GroupId> Running) : StoreValue;

/// <summary>A host's answer about a guest that is about to be protected.</summary>
/// <param name="Asked">Modification revision of the <see cref="AdoptionRecord"/> that it answers.</param>
/// <param name="RunsHere">A copy of it, by UUID or by name, executes on the host.</param>
public sealed record AdoptionSighting(GroupId Group, long Asked, bool RunsHere);
