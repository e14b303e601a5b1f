using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Rules;

/// <summary>What a placement by the rules was decided on: the rules, also when there are none yet, and the labels of the chosen hosts.</summary>
internal static class RuleGuards
{
    public static IEnumerable<Guard> Of(NodeState state, IEnumerable<HostId?> chosen)
    {
        yield return state.GuardOf(new StoreKey.Rules());
        if (state.View.Rules.IsEmpty)
            yield break;
        foreach (var host in chosen.OfType<HostId>().Distinct())
            yield return state.GuardOf(new StoreKey.Host(host));
    }
}
