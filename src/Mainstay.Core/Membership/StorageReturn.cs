using Mainstay.Core.Facts;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Membership;

/// <summary>
/// Gives this host its storages back before a new session begins. What the old session was cut off from is given back only when a proof for
/// all that it did is written down, and no command against it can still be under way: a guest that it left paused would write again.
/// </summary>
internal sealed class StorageReturn(NodeState state, OperationLedger ledger)
{
    /// <summary>Longer than a command against a storage may take (<c>docs/timing.md</c>).</summary>
    public static readonly TimeSpan CommandsEnd = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    private readonly SortedDictionary<string, Attempt> attempts = new(StringComparer.Ordinal);
    private SessionId? ended;
    private SessionId? next;
    private Instant? provedSince;

    /// <summary>
    /// True when a new session, of this number, may begin. To be asked only when nothing of the old one runs here. <paramref name="prove"/>
    /// writes that down.
    /// </summary>
    public bool IsDone(HostSession? old, Action prove, out SessionId session)
    {
        if (ended != old?.Session)
            (ended, next, provedSince) = (old?.Session, null, null);
        if (next is null)
            attempts.Clear();
        session = next ??= state.Random.NextSession();
        ValueList<string> revoked = old is { } target ? state.View.Fences.GetValueOrDefault(target)?.Value.Revocations ?? [] : [];
        if (!revoked.IsEmpty && old is { } cutOff && !HasEnded(cutOff, prove))
        {
            attempts.Clear(); // What was given back before may have been taken away since.
            return false;
        }

        var done = true;
        foreach (var (name, storage) in state.View.Storages)
            done &= IsBack(new HostSession(state.Self, session), name, storage.Value, revoked.Contains(name));
        return done;
    }

    /// <summary>A session has begun: the next one is another.</summary>
    public void Begun() => (ended, next, provedSince) = (null, null, null);

    private bool HasEnded(HostSession old, Action prove)
    {
        if (!state.View.HasFullProof(old))
        {
            prove();
            return false;
        }

        provedSince ??= state.Now;
        if (state.Now >= provedSince.Value + CommandsEnd)
            return true;
        state.WakeAt(provedSince.Value + CommandsEnd);
        return false;
    }

    // One that was not taken away is asked for once, and what comes of it is not waited for: a storage that is down keeps nobody from
    // joining.
    private bool IsBack(HostSession target, string name, StorageConfig storage, bool wasTaken)
    {
        if (!attempts.TryGetValue(name, out var attempt))
            attempts[name] = attempt = new Attempt();
        if (attempt.Done || (attempt.Answered && !wasTaken))
            return true;
        if (!attempt.UnderWay && state.Now >= attempt.NotBefore)
            Ask(target, name, storage, attempt);
        else if (!attempt.UnderWay)
            state.WakeAt(attempt.NotBefore);
        return false;
    }

    private void Ask(HostSession target, string name, StorageConfig storage, Attempt attempt)
    {
        if (StorageRules.TargetOf(state.View, target) is not { } self)
            return;
        attempt.UnderWay = true;
        ledger.Ask(op => new NodeEffect.RestoreStorage(op, self, name, storage), input =>
        {
            (attempt.UnderWay, attempt.Answered, attempt.NotBefore) = (false, true, state.Now + TryAgain);
            attempt.Done = input is NodeInput.StorageRestored { Outcome: RestoreOutcome.Done };
            var why = input is NodeInput.StorageRestored { Outcome: RestoreOutcome.Failed failed } ? failed.Why : "no answer";
            if (attempt.Done)
                state.Report(new Fact.StorageRestored(target, name));
            else if (attempt.Why != why)
                state.Report(new Fact.StorageWithheld(target, name, why));
            attempt.Why = attempt.Done ? null : why;
        });
    }

    private sealed class Attempt
    {
        public bool UnderWay { get; set; }

        public bool Answered { get; set; }

        public bool Done { get; set; }

        public Instant NotBefore { get; set; }

        public string? Why { get; set; }
    }
}
