using Mainstay.Core.Model;

namespace Mainstay.Core.Rules;

/// <summary>
/// All rules of the cluster in one value: two that clash cannot be set at the same moment, and one guard tells a decision that none has
/// changed (<c>docs/decisions/0035</c>).
/// </summary>
/// <param name="Rules">Ordered by name.</param>
public sealed record RuleBook(ValueList<PlacementRule> Rules) : StoreValue
{
    public const int MostRules = 200;

    public const int MostGuestsOfARule = 100;

    public static readonly RuleBook Empty = new([]);

    public PlacementRule? Find(string name) => Rules.FirstOrDefault(rule => rule.Name == name);

    public RuleBook With(PlacementRule rule) => new(
        Rules.Where(known => known.Name != rule.Name).Append(rule)
            .OrderBy(known => known.Name, StringComparer.Ordinal).ToValueList());

    public RuleBook Without(string name) => new(Rules.Where(known => known.Name != name).ToValueList());
}
