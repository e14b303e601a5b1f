using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Placement.Needs;

/// <summary>
/// The leader reads the needs of guests that were protected by a version that did not: they are written beside the definition, so that they are
/// read once and not at every decision.
/// </summary>
internal sealed class NeedsDuties(NodeState state, OperationLedger ledger)
{
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    private object? looked;
    private Instant notBefore;

    public void Run()
    {
        if (ReferenceEquals(looked, state.View.Groups) || !state.IsLeaderInTheKnow || !state.StoreReachable)
            return;
        var left = false;
        foreach (var (group, spec) in state.View.Groups)
        {
            var key = new StoreKey.Group(group);
            if (spec.Value.Needs is not null || NeedsReader.Of(spec.Value.Definition) is not { } needs)
                continue;
            left = true;
            if (state.Now < notBefore)
            {
                state.WakeAt(notBefore);
                return;
            }

            if (!ledger.IsBusy(key))
            {
                notBefore = state.Now + Spacing;
                ledger.Persist(
                    new StoreTransaction(
                        [state.GuardOf(key), state.GuardOf(new StoreKey.Leader())], [new Change.Put(key, spec.Value with { Needs = needs })]),
                    _ => { });
                return; // One at a time: nobody waits for it.
            }
        }

        looked = left ? null : state.View.Groups;
    }
}
