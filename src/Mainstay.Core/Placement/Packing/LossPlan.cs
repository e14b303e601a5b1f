using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>What would become of the groups if some hosts were lost at once.</summary>
/// <param name="Lost">Positions of the hosts.</param>
/// <param name="Plan">For the groups of these hosts.</param>
/// <param name="Next">After it, for each further host: the order of losses counts, since the first recovery changes the second.</param>
internal sealed record LossPlan(ValueList<int> Lost, PackingPlan Plan, ValueList<LossPlan> Next = default);
