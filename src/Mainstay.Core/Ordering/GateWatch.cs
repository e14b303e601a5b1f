using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Recovery;
using Mainstay.Core.Times;

namespace Mainstay.Core.Ordering;

/// <summary>
/// The owner's part: it writes down how far a running guest has come, as far as others wait for that. The guest's agent is asked beside
/// everything else, and its answer is waited for by nobody.
/// </summary>
internal sealed class GateWatch(NodeState state, OperationLedger ledger, StartQueue queue, OwnTimes times)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskSeldom = TimeSpan.FromSeconds(30);

    /// <summary>A guest that has no agent is asked less often after this time.</summary>
    private static readonly TimeSpan AskOftenFor = TimeSpan.FromMinutes(10);

    /// <summary>True when something was written.</summary>
    public bool Run(GroupId group, GroupSpec spec, OwnershipRecord own, LocalGuest guest)
    {
        var dependents = queue.Graph.DependentsOf(group);
        if (dependents.Count == 0 || !state.StoreReachable || state.Me is not { } me)
            return false;
        var next = own with { RanFor = RanFor(dependents, own, guest) };
        if (!own.AgentAnswered && dependents.Any(by => by.Edge.Gate == StartGate.Agent))
        {
            if (guest.AgentAnsweredIn == own.Epoch)
                next = next with { AgentAnswered = true };
            else
                Ask(group, spec, own.Epoch, guest);
        }

        if (next == own)
            return false;
        var passed = OwnershipRules.Passed(own, me, next.RanFor, next.AgentAnswered);
        var write = OwnershipRules.Change(state, group, passed, state.GuardOf(new StoreKey.Session(state.Self)));
        var answered = next.AgentAnswered && !own.AgentAnswered;
        if (answered)
            write = times.WithReady(write, group, own.Epoch, state.Now - guest.RunningSince);
        ledger.Persist(write, outcome =>
        {
            if (outcome is StoreOutcome.Applied && answered)
                state.Report(new Fact.GuestAgentAnswered(group, state.Self));
        });
        return true;
    }

    private TimeSpan RanFor(IReadOnlyList<(GroupId By, StartDependency Edge)> dependents, OwnershipRecord own, LocalGuest guest)
    {
        var longest = own.RanFor;
        foreach (var (_, edge) in dependents)
        {
            if (edge.Gate != StartGate.Delay || edge.Delay <= longest)
                continue;
            if (state.Now >= guest.RunningSince + edge.Delay)
                longest = edge.Delay;
            else
                state.WakeAt(guest.RunningSince + edge.Delay);
        }

        return longest;
    }

    private void Ask(GroupId group, GroupSpec spec, Epoch epoch, LocalGuest guest)
    {
        if (guest.IsAskingAgent)
            return;
        if (state.Now < guest.AskAgentAt)
        {
            state.WakeAt(guest.AskAgentAt);
            return;
        }

        guest.IsAskingAgent = true;
        ledger.Ask(op => new NodeEffect.AskAgent(op, group, spec.Uuid), input =>
        {
            guest.IsAskingAgent = false;
            guest.AskAgentAt = state.Now + (state.Now < guest.RunningSince + AskOftenFor ? AskEvery : AskSeldom);
            if (input is NodeInput.GuestActed { Outcome: GuestOutcome.Done })
                guest.AgentAnsweredIn = epoch;
        });
    }
}
