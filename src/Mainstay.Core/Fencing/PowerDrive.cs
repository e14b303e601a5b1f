using Mainstay.Core.Facts;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Fencing;

/// <summary>
/// Reads and switches the power of a silent host by all its methods at once; the first that shows it off gives the proof.
/// </summary>
internal sealed class PowerDrive(
    NodeState state,
    OperationLedger ledger,
    Func<FenceCase, Proof, bool> prove,
    Func<HostId, FenceCase?> caseOf,
    Func<bool> hasListened)
{
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WriteAgain = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestReadPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OpinionsSettle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CommitIsFresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OffPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestOffPause = TimeSpan.FromMinutes(1);

    private readonly SortedDictionary<OperationId, FenceCase> offs = [];

    /// <summary>
    /// Calls back the power-offs that nobody needs any more: the death is proved, the host has its session back, or the cluster was
    /// disarmed. One that lingers at a device that does not answer would switch off the host when both are back.
    /// </summary>
    public void AbandonNeedless()
    {
        foreach (var (operation, fence) in offs.Count > 0 ? offs.ToArray() : [])
        {
            if ((IsFencing(fence) && state.View.Armed) || !state.Guards.AbandonsNeedlessOff)
                continue;
            offs.Remove(operation);
            state.Emit(new NodeEffect.AbandonPowerOff(operation));
        }
    }

    /// <summary>Not destructive: done at first suspicion, again and again.</summary>
    public void Read(FenceCase fence, HostConfig config)
    {
        foreach (var method in config.FenceMethods)
        {
            if (Due(fence.Reads, method.Name) is not { } tries)
                continue;
            tries.UnderWay = true;
            ledger.Ask(op => new NodeEffect.ReadPower(op, fence.Target, method), input =>
            {
                tries.UnderWay = false;
                OnRead(fence, method, tries, (input as NodeInput.PowerRead)?.Power ?? new Observed<PowerState>.Unknown("no answer"));
            });
        }
    }

    /// <summary>
    /// Only for a session in Fencing. Unless this leader has just written that itself, the store is asked whether it still holds.
    /// </summary>
    public void SwitchOff(FenceCase fence, HostConfig config)
    {
        foreach (var method in config.FenceMethods)
        {
            if (Due(fence.Offs, method.Name) is not { } tries)
                continue;
            tries.UnderWay = true;
            if (!state.Guards.AsksAgainBeforeOff
                || (tries.LastFailure is null && fence.CommittedHere is { } at && state.Now - at < CommitIsFresh))
                Off(fence, method, tries);
            else
                OffIfStillMeant(fence, method, tries);
        }
    }

    private void OffIfStillMeant(FenceCase fence, FenceMethod method, FenceCase.MethodTries tries) =>
        ledger.Ask(op => new NodeEffect.ReadStore(op, [new StoreKey.Session(fence.Target.Host)]), input =>
        {
            var mayFence = (state.View.Armed || !state.Guards.RespectsDisarm)
                && ((state.StoreReachable && hasListened()) || !state.Guards.FencesOnlyWithStore);
            if (state.TakeOver(input) && IsFencing(fence) && state.IsLeader && mayFence)
            {
                Off(fence, method, tries);
                return;
            }

            (tries.UnderWay, tries.NotBefore) = (false, state.Now + OffPause);
        });

    private void Off(FenceCase fence, FenceMethod method, FenceCase.MethodTries tries)
    {
        OperationId operation = default;
        operation = ledger.Ask(op => new NodeEffect.SwitchPowerOff(op, fence.Target, method), input =>
        {
            tries.UnderWay = false;
            var wanted = offs.Remove(operation);
            switch ((input as NodeInput.PowerSwitched)?.Outcome ?? new FenceOutcome.Unknown("no answer"))
            {
                case FenceOutcome.Confirmed confirmed:
                    ProveIfSilent(fence, method, tries, confirmed.Evidence);
                    break;
                case FenceOutcome.Refused refused when wanted:
                    Failed(fence, method, tries, refused.Why);
                    break;
                case FenceOutcome.Unknown unknown when wanted:
                    Failed(fence, method, tries, unknown.Why);
                    break;
            }
        });
        offs.Add(operation, fence);
    }

    private void OnRead(FenceCase fence, FenceMethod method, FenceCase.MethodTries tries, Observed<PowerState> power)
    {
        if (power is Observed<PowerState>.Known)
            fence.DeviceAnsweredAt = state.Now;
        switch (power)
        {
            case Observed<PowerState>.Known { Value: PowerState.Off }:
                ProveIfSilent(fence, method, tries, $"{method.Agent} ({method.Name}) read the power as off");
                break;
            case Observed<PowerState>.Known:
                (fence.ReadOnAt, fence.SeenOn) = (state.Now, true);
                tries.NotBefore = state.Now + ReadPause;
                state.WakeAt(tries.NotBefore);
                break;
            case Observed<PowerState>.Unknown unknown:
                if (tries.Failed(unknown.Why, state.Now, ReadPause, LongestReadPause))
                    state.Report(new Fact.FenceAttemptFailed(fence.Target, method.Name, unknown.Why));
                break;
        }
    }

    // S2: a device that says "off" about a host that somebody hears is wrong. Not knowing whether it is heard is not silence either.
    private void ProveIfSilent(FenceCase fence, FenceMethod method, FenceCase.MethodTries tries, string evidence)
    {
        var silent = state.Hearing.IsSilent(fence.Target.Host, state.Timing.SuspectAfter, state.Now);
        var isSilent = silent && !state.Hearing.AnybodyHears(fence.Target.Host, state.Timing.SuspectAfter, state.Now);
        if (isSilent || !state.Guards.DoubtsOffOfHeardHost)
        {
            tries.NotBefore = state.Now + ReadPause;
            fence.ReadOff ??= (state.Now, method, evidence);
            Settle(fence);
            state.WakeAt(tries.NotBefore);
            return;
        }

        // What others hear reaches us a beacon later than what we hear: read again as soon as they have spoken.
        if (state.Now - fence.SuspectedAt < OpinionsSettle)
            tries.NotBefore = state.Now + state.Timing.BeaconPeriod;
        else
            Failed(fence, method, tries, "the device says off, but the host is heard or nobody can tell: not believed");
        state.WakeAt(tries.NotBefore);
    }

    /// <summary>
    /// After a power-off, "off" counts when there was time to notice that another host has fallen silent by it: the cables may be mixed up.
    /// </summary>
    public void Settle(FenceCase fence)
    {
        if (fence.ReadOff is not { } off)
            return;
        var waits = state.Guards.DoubtsWiring && WiringDoubt.MayBe(state, fence);
        var at = waits ? off.At + state.Timing.SuspectAfter + state.Timing.BeaconPeriod : off.At;
        if (state.Now < at)
        {
            state.WakeAt(at);
            return;
        }

        fence.ReadOff = null;
        if (!fence.Reads.TryGetValue(off.Method.Name, out var tries))
            return;
        var silent = state.Hearing.IsSilent(fence.Target.Host, state.Timing.SuspectAfter, state.Now);
        if (state.Guards.DoubtsWiring && WiringDoubt.Objection(state, fence, ReadsOn) is { } doubt)
            Failed(fence, off.Method, tries, doubt);
        else if ((silent && !state.Hearing.AnybodyHears(fence.Target.Host, state.Timing.SuspectAfter, state.Now))
            || !state.Guards.DoubtsOffOfHeardHost)
            tries.NotBefore = state.Now
                + (prove(fence, new Proof.Power($"{off.Evidence}, seen by {state.Self}")) ? ReadPause : WriteAgain);
        state.WakeAt(tries.NotBefore);
    }

    private bool ReadsOn(HostId host) => caseOf(host)?.ReadOnAt is { } at && state.Now - at < OpinionsSettle;

    private void Failed(FenceCase fence, FenceMethod method, FenceCase.MethodTries tries, string why)
    {
        if (tries.Failed(why, state.Now, OffPause, LongestOffPause))
            state.Report(new Fact.FenceAttemptFailed(fence.Target, method.Name, why));
    }

    // A proof by the lease is all that is needed, unless a guest runs on in isolation. One by a storage never is.
    private bool IsFencing(FenceCase fence) =>
        state.View.Hosts.GetValueOrDefault(fence.Target.Host) is { } config
        && !(config.Value.Maintenance && state.Guards.RespectsMaintenance)
        && state.View.Sessions.GetValueOrDefault(fence.Target.Host)?.Value is { } record && record.Session == fence.Target.Session
        && (record.State == SessionState.Fencing || LeaseRules.IsHalfProved(state.View, fence.Target));

    private FenceCase.MethodTries? Due(SortedDictionary<string, FenceCase.MethodTries> all, string method)
    {
        if (!all.TryGetValue(method, out var tries))
            all[method] = tries = new FenceCase.MethodTries();
        if (tries.UnderWay)
            return null;
        if (state.Now >= tries.NotBefore)
            return tries;
        state.WakeAt(tries.NotBefore);
        return null;
    }
}
