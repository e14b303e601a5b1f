using Mainstay.Core.Facts;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Leadership;

/// <summary>
/// Fills an empty leader's seat. The seat is empty when its holder's session is not online, or when a majority of those we hear does not
/// hear the holder (or hears that its agent stands still). The first eligible host by name goes first, the others wait their turn. Two may
/// win in turn; guards keep that harmless (S3). A witness leads only while no host can: it may have no way to the hosts' power.
/// </summary>
internal sealed class LeaderElection(NodeState state, OperationLedger ledger)
{
    private static readonly TimeSpan TurnLength = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan DeafWaits = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DeafWaitsForHolder = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the holder says of itself that it hears nobody until the seat counts as empty.</summary>
    private static readonly TimeSpan DeafCounts = TimeSpan.FromSeconds(1);

    private Instant? vacantSince;
    private (HostId Holder, Instant Since)? deaf;
    private Instant notBefore;
    private HostSession? reported;

    public void Run()
    {
        ReportNew();
        if (state.Me is not { } me || !state.StoreReachable || ledger.IsBusy(new StoreKey.Leader()))
            return;
        if (!IsVacant())
        {
            vacantSince = null;
            return;
        }

        vacantSince ??= state.Now;
        var patience = !IsDeaf() ? TurnLength * Rank()
            : state.View.Leader?.Value.Holder is { } holder && state.View.IsOnline(holder) ? DeafWaitsForHolder : DeafWaits;
        var myTurn = Instant.Max(vacantSince.Value + patience, notBefore);
        if (state.Now < myTurn)
        {
            state.WakeAt(myTurn);
            return;
        }

        notBefore = state.Now + RetryAfter;
        var leader = new StoreKey.Leader();
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(leader), state.GuardOf(new StoreKey.Session(state.Self))],
                [new Change.Put(leader, new LeaderRecord(me))]),
            _ => vacantSince = null);
    }

    // Who hears nobody while others hear each other would only take turns with them: it lets them go first.
    private bool IsDeaf() =>
        state.View.Sessions.Count > 2
        && state.View.Sessions.Keys.All(h => h == state.Self || !state.Hearing.IsHeard(h, state.Timing.SuspectAfter, state.Now));

    private void ReportNew()
    {
        if (state.IsLeader && reported != state.Me && state.Me is { } me)
            state.Report(new Fact.LeaderElected(me));
        reported = state.View.Leader?.Value.Holder;
    }

    private bool IsVacant()
    {
        if (state.View.Leader?.Value.Holder is not { } holder || !state.View.IsOnline(holder))
            return true;
        if (deaf?.Holder != holder.Host)
            deaf = null;
        if (holder.Host == state.Self)
            return holder != state.Me;
        if (state.View.IsWitness(holder.Host) && !state.View.IsWitness(state.Self)
            && state.Hearing.IsHeard(holder.Host, state.Timing.SuspectAfter, state.Now))
            return true;
        if (state.Hearing.Sight(holder.Host) is { AgentAlive: false }
            && state.Hearing.IsHeard(holder.Host, state.Timing.SuspectAfter, state.Now))
            return true;
        if (state.Guards.DeafDoesNotLead && IsDeaf(holder.Host))
            return true;
        if (!state.Hearing.IsSilent(holder.Host, state.Timing.SuspectAfter, state.Now))
            return false;
        var (silent, observers) = state.Hearing.Votes(
            holder.Host, state.View.Sessions.Keys, state.Timing.SuspectAfter, state.Timing.SuspectAfter, state.Now);
        return silent * 2 > observers;
    }

    // It can tell nobody's death: a leader that hears none of those whom we hear gives way to one that does.
    private bool IsDeaf(HostId holder)
    {
        var isDeaf = state.View.Hosts.Count > 2 && state.Hearing.IsHeard(holder, state.Timing.SuspectAfter, state.Now)
            && state.Hearing.Sight(holder) is { } sight
            && state.View.Sessions.Keys.All(h => h == holder || sight.OpinionOf(h) is not { } said || said.HostAnswers
                || said.Silence >= state.Timing.CommitAfter);
        deaf = !isDeaf ? null : deaf is { } known && known.Holder == holder ? known : (holder, state.Now);
        if (deaf is not { } found)
            return false;
        if (state.Now >= found.Since + DeafCounts)
            return true;
        state.LookAgainAt(found.Since + DeafCounts);
        return false;
    }

    private int Rank()
    {
        var rank = 0;
        foreach (var host in state.View.Sessions.Keys)
        {
            if (GoesBefore(host) && state.View.OnlineSession(host) is not null && IsFit(host))
                rank++;
        }

        return rank;
    }

    private bool GoesBefore(HostId host) => (state.View.IsWitness(host), state.View.IsWitness(state.Self)) switch
    {
        (true, false) => false,
        (false, true) => true,
        _ => host.CompareTo(state.Self) < 0,
    };

    private bool IsFit(HostId host) =>
        state.Hearing.IsHeard(host, state.Timing.SuspectAfter, state.Now) && state.Hearing.Sight(host) is { AgentAlive: true };
}
