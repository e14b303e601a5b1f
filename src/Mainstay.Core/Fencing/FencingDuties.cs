using Mainstay.Core.Facts;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Fencing;

/// <summary>
/// The leader's work on silent hosts: read the power at first suspicion, commit to fencing when silence lasted and the brakes allow it,
/// switch off for ever until a proof exists. A host heard again before any proof gets its session back.
/// </summary>
internal sealed class FencingDuties
{
    private static readonly TimeSpan Reprieve = TimeSpan.FromSeconds(1);

    /// <summary>A host that is heard but cannot return ends its session itself, unless its agent is gone.</summary>
    private static readonly TimeSpan SelfHelp = TimeSpan.FromSeconds(30);

    private readonly NodeState state;
    private readonly OperationLedger ledger;
    private readonly ProofBook proofs;
    private readonly PowerDrive power;
    private readonly StorageDrive storages;
    private readonly SortedDictionary<HostId, FenceCase> cases = [];
    private readonly FenceLog log;
    private Instant? actingSince, stormSeen;

    public FencingDuties(NodeState state, OperationLedger ledger)
    {
        (this.state, this.ledger, log) = (state, ledger, new FenceLog(state));
        proofs = new ProofBook(state, ledger);
        power = new PowerDrive(state, ledger, proofs.Record, host => cases.GetValueOrDefault(host), HasListened);
        storages = new StorageDrive(state, ledger, proofs.Record);
    }

    public void Run()
    {
        log.Note();
        power.AbandonNeedless();
        if (!state.IsLeader || !state.StoreReachable)
            actingSince = null;
        if (!state.IsLeader || (!state.View.Armed && state.Guards.RespectsDisarm))
        {
            cases.Clear();
            return;
        }

        if (state.StoreReachable)
            actingSince ??= state.Now;
        if (FenceBrakes.IsStorm(state))
            stormSeen = state.Now;

        foreach (var (host, session) in state.View.Sessions)
        {
            if (host != state.Self && state.View.Hosts.TryGetValue(host, out var config))
                Look(new HostSession(host, session.Value.Session), session.Value.State, config.Value);
        }

        if (cases.Count == 0)
            return;
        foreach (var (host, _) in cases.Where(
            c => state.View.Sessions.GetValueOrDefault(c.Key)?.Value.Session != c.Value.Target.Session).ToArray())
            cases.Remove(host);
    }

    private TimeSpan Silence(HostId host)
    {
        var known = state.Now - log.KnownSince(host);
        var silence = state.Hearing.Silence(host, state.Now) ?? TimeSpan.Zero;
        return known < silence ? known : silence;
    }

    private void Look(HostSession target, SessionState session, HostConfig config)
    {
        var mayFence = !config.Maintenance || !state.Guards.RespectsMaintenance;
        switch (session)
        {
            case SessionState.Online when mayFence:
                LookAtMember(target, config);
                break;
            case SessionState.Fencing when mayFence:
                LookAtFencing(target, config);
                break;
            case SessionState.Fenced when mayFence && LeaseRules.IsHalfProved(state.View, target):
                LookAtFencing(target, config);
                break;
            case SessionState.Online or SessionState.Fencing or SessionState.Fenced or SessionState.Left:
                cases.Remove(target.Host);
                break;
        }
    }

    private void LookAtMember(HostSession target, HostConfig config)
    {
        if (Silence(target.Host) < state.Timing.SuspectAfter)
        {
            if (cases.Remove(target.Host) && state.Hearing.IsFresh(state.Now))
                state.Report(new Fact.SuspicionCleared(target));
            if (state.Hearing.IsSilent(target.Host, state.Timing.SuspectAfter, state.Now))
                state.WakeAt(log.KnownSince(target.Host) + state.Timing.SuspectAfter);
            return;
        }

        var fence = Case(target);
        if (TakeCrash(fence))
            return; // Its crash kernel may answer for its beacon, and must not be cut off in the middle of its dump.
        if (config.Witness)
            return; // It owns nothing, so nobody waits for a proof of its death.
        if (state.Hearing.Sight(target.Host) is { HostAnswers: true } && state.Guards.BelievesKernelAnswers)
        {
            if (!fence.BeaconReported)
                state.Report(new Fact.BeaconFoundDead(target));
            fence.BeaconReported = true;
            state.WakeAt(state.Now + state.Timing.SuspectAfter);
            return;
        }

        power.Read(fence, config);
        if (!state.StoreReachable || ledger.IsBusy(new StoreKey.Session(target.Host)))
            return;
        var commitAt = state.Now + (state.Timing.CommitAfter - Silence(target.Host));
        if (commitAt > state.Now)
            state.WakeAt(commitAt);
        else if (FenceBrakes.Hold(state, fence, config, log.LastSilenceFence, actingSince, stormSeen) is { } why)
            HoldBack(fence, why);
        else
            Commit(fence);
        Alarm(fence);
    }

    private void LookAtFencing(HostSession target, HostConfig config)
    {
        var fence = Case(target);
        var heard = state.Hearing.IsHeard(target.Host, state.Timing.SuspectAfter, state.Now);
        fence.HeardSince = heard ? fence.HeardSince ?? state.Now : null;
        if (fence.HeardSince is { } since && !IsCommitted(target))
        {
            if (state.Now >= since + Reprieve)
                GiveBack(fence);
            else
                state.WakeAt(since + Reprieve);
            return;
        }

        if (TakeCrash(fence))
            return;
        storages.Revoke(fence);
        if (fence.HeardSince is { } lives && state.Now < lives + SelfHelp)
        {
            state.WakeAt(lives + SelfHelp);
        }
        else
        {
            power.Read(fence, config);
            if ((state.StoreReachable && HasListened()) || !state.Guards.FencesOnlyWithStore)
                power.SwitchOff(fence, config); // S5: nobody fences without quorum.
            else if (state.StoreReachable)
                state.WakeAt(state.Now + state.Timing.BeaconPeriod);
        }

        power.Settle(fence);
        proofs.RecordConsents(fence);
        Alarm(fence);
    }

    // S2: positive evidence, for exactly this session; an earlier crash, said again, names an earlier one. A host whose beacon
    // somebody hears has not crashed, whatever is said; that its kernel answers may be the crash kernel.
    private bool TakeCrash(FenceCase fence)
    {
        var host = fence.Target.Host;
        if (state.View.Sessions.GetValueOrDefault(host)?.Value is not { } record || !state.View.IsConfirmed(record))
            return false; // Out of a backup: the session that has crashed may not have been its last.
        if (state.Hearing.Sight(host)?.Crashed != fence.Target.Session
            || !state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now)
            || state.Hearing.AnybodyHearsItsBeacon(host, state.Timing.SuspectAfter, state.Now) || !state.StoreReachable)
            return false;
        proofs.Record(fence, new Proof.CrashDump($"its crash kernel said that this session has crashed, heard by {state.Self}"));
        state.WakeAt(state.Now + state.Timing.BeaconPeriod);
        return true;
    }

    private bool IsCommitted(HostSession target) =>
        StorageRules.IsCommitted(state.View.Fences.GetValueOrDefault(target)?.Value, state.Guards);

    // With the store a host may have come back that was fenced when both went: it needs a moment to be heard.
    private bool HasListened() => FenceBrakes.HasListened(state, actingSince);

    private FenceCase Case(HostSession target)
    {
        if (cases.TryGetValue(target.Host, out var fence) && fence.Target == target
            && (fence.Incarnation == state.View.Incarnation || !state.Guards.SeeksProofsAnew))
            return fence;
        fence = new FenceCase(target, state.Now, state.View.Incarnation);
        cases[target.Host] = fence;
        state.Report(new Fact.HostSuspected(target, Silence(target.Host)));
        return fence;
    }

    private void HoldBack(FenceCase fence, string why)
    {
        if (fence.Held != why)
            state.Report(new Fact.FencingHeld(fence.Target, why));
        fence.Held = why;
        state.LookAgainAt(state.Now + state.Timing.BeaconPeriod);
    }

    private void Alarm(FenceCase fence)
    {
        var at = fence.SuspectedAt + state.Timing.UnprovenAlarm;
        if (fence.AlarmRaised)
            return;
        if (state.Now < at)
        {
            state.WakeAt(at);
            return;
        }

        fence.AlarmRaised = true;
        var all = fence.Reads.Concat(fence.Offs).Select(t => (t.Key, t.Value.LastFailure))
            .Concat(fence.Storages.Select(s => ($"storage {s.Key}", s.Value.Tries.LastFailure)));
        var tried = string.Join("; ", all.Where(t => t.LastFailure is not null).Select(t => $"{t.Item1}: {t.LastFailure}").Distinct());
        state.Report(new Fact.ProofMissing(fence.Target, tried.Length > 0 ? tried : fence.Held ?? "no answer yet"));
    }

    // F1: from here on the session may claim nothing, and switching off is allowed.
    private void Commit(FenceCase fence)
    {
        var key = new StoreKey.Session(fence.Target.Host);
        var record = state.View.Sessions[fence.Target.Host].Value;
        var fenceKey = new StoreKey.Fence(fence.Target);
        var reason = $"silent on every network for {Silence(fence.Target.Host).TotalSeconds:0.0} s";
        var known = state.View.Fences.GetValueOrDefault(fence.Target)?.Value ?? new FenceRecord(reason, []);
        log.Begun();
        ledger.Persist(
            new StoreTransaction(
                [
                    state.GuardOf(key), state.GuardOf(fenceKey), state.GuardOf(new StoreKey.Leader()),
                    state.GuardOf(new StoreKey.Cluster()), state.GuardOf(new StoreKey.Host(fence.Target.Host)),
                ],
                [
                    new Change.Put(key, record with { State = SessionState.Fencing }),
                    new Change.Put(fenceKey, known with
                    {
                        SeenOn = known.SeenOn || fence.SeenOn, Heard = WiringDoubt.Heard(state, fence.Target.Host),
                    }),
                ]),
            outcome =>
            {
                if (outcome is not StoreOutcome.Applied)
                    return;
                fence.CommittedHere = state.Now;
                state.Report(new Fact.FencingStarted(fence.Target, reason));
            });
    }

    // No proof exists and the host is there: nothing was taken from it, so it may go on as it is. The guards make proof and reprieve
    // exclusive.
    private void GiveBack(FenceCase fence)
    {
        var key = new StoreKey.Session(fence.Target.Host);
        var fenceKey = new StoreKey.Fence(fence.Target);
        if (!state.StoreReachable || ledger.IsBusy(key) || ledger.IsBusy(fenceKey))
            return;
        var record = state.View.Sessions[fence.Target.Host].Value;
        ledger.Persist(
            new StoreTransaction(
                [state.GuardOf(key), state.GuardOf(fenceKey), state.GuardOf(new StoreKey.Cluster())],
                [new Change.Put(key, record with { State = SessionState.Online }), new Change.Delete(fenceKey)]),
            outcome =>
            {
                if (outcome is not StoreOutcome.Applied)
                    return;
                cases.Remove(fence.Target.Host);
                state.Report(new Fact.SuspicionCleared(fence.Target));
            });
    }
}
