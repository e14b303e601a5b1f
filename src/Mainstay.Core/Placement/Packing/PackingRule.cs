using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Packing;

/// <summary>A rule between groups.</summary>
/// <param name="Name">As the administrator knows it.</param>
/// <param name="Kind">Keep apart or together.</param>
/// <param name="Level">
/// Of what: null for hosts, otherwise a kind of failure domain. Hosts in no domain of that kind are not counted.
/// </param>
/// <param name="Members">Positions of its groups.</param>
/// <param name="Limit">For <see cref="RuleKind.Apart"/>: so many members may share one place.</param>
/// <param name="Weight">Null: it must hold. Otherwise the points that a member loses where it does not hold.</param>
internal sealed record PackingRule(string Name, RuleKind Kind, int? Level, ValueList<int> Members, int Limit = 1, int? Weight = null)
{
    public bool Must => Weight is null;
}
