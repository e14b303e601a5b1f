using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Groups;

/// <summary>
/// Writes what a request asks for and answers it. This agent may itself be writing one of the same keys, that a guest runs or what the host
/// has to give: nobody needs to ask again for that.
/// </summary>
internal sealed class RequestWrites(NodeState state, OperationLedger ledger)
{
    /// <summary>How long a request waits for a write of this agent that is under way.</summary>
    private static readonly TimeSpan WaitAtMost = TimeSpan.FromSeconds(4);

    private readonly List<Waiting> waiting = [];

    /// <summary>Goes on with what waits.</summary>
    public void Run()
    {
        if (waiting.Count == 0)
            return;
        var due = waiting.ToArray();
        waiting.Clear();
        foreach (var request in due)
            GoOn(request);
    }

    /// <param name="operation">The request.</param>
    /// <param name="transaction">What it asks for.</param>
    /// <param name="what">The answer when it was applied.</param>
    /// <param name="applied">What is to be done then.</param>
    /// <param name="again">
    /// Looks at the request again, by what is known by then; null when it was looked at twice or is not worth it.
    /// </param>
    public void Write(OperationId operation, StoreTransaction transaction, string what, Action applied, Action? again)
    {
        if (IsBusy(transaction))
        {
            if (again is not null)
                GoOn(new Waiting(operation, transaction, again, state.Now + WaitAtMost));
            else
                RefuseBusy(operation);
            return;
        }

        ledger.Persist(transaction, outcome =>
        {
            if (outcome is StoreOutcome.Applied)
                applied();
            if (outcome is StoreOutcome.Conflict && again is not null)
            {
                again();
                return;
            }

            Answer(operation, outcome switch
            {
                StoreOutcome.Applied => new AdminReply.Accepted(what),
                StoreOutcome.Conflict =>
                    new AdminReply.Refused("somebody else changed it at the same time; look with mainstay status and ask again"),
                StoreOutcome.Unknown unknown =>
                    new AdminReply.Unknown($"the store did not answer ({unknown.Why}); look with mainstay status"),
            });
        });
    }

    public void Answer(OperationId operation, AdminReply reply) => state.Emit(new NodeEffect.Reply(operation, reply));

    private bool IsBusy(StoreTransaction transaction) => transaction.Changes.Any(change => ledger.IsBusy(change.Key));

    private void GoOn(Waiting request)
    {
        if (!IsBusy(request.For))
        {
            request.Again();
        }
        else if (state.Now >= request.Until)
        {
            RefuseBusy(request.Operation);
        }
        else
        {
            waiting.Add(request);
            state.WakeAt(request.Until);
        }
    }

    private void RefuseBusy(OperationId operation) =>
        Answer(operation, new AdminReply.Refused("it is being changed right now; ask again in a moment"));

    private sealed record Waiting(OperationId Operation, StoreTransaction For, Action Again, Instant Until);
}
