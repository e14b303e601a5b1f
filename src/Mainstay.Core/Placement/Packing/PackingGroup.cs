using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>A group with what it takes on a host.</summary>
/// <param name="Name">For explanations; groups are ordered by it.</param>
/// <param name="Tier">0 is served first; 4 last.</param>
/// <param name="Needs">Per dimension, in the dimension's own unit.</param>
/// <param name="Allowed">Hosts that have what it needs besides room: networks, disks, processor model, rules on hosts.</param>
/// <param name="At">The position of the host it is on; null when it has none.</param>
/// <param name="Yields">What may be done to it, while it runs, in favour of a group of a lower tier number.</param>
/// <param name="Wishes">Points for single hosts: a preferred one, one where it failed to start.</param>
internal sealed record PackingGroup(
    string Name,
    int Tier,
    ValueList<long> Needs,
    HostSet Allowed,
    int? At,
    Yielding Yields = Yielding.Never,
    ValueList<PackingWish> Wishes = default);
