using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Agent.Api;

/// <summary>One guest as the status shows it. Pure.</summary>
internal static class GuestStates
{
    public static GuestStatus Of(
        GroupId group,
        GroupSpec spec,
        OwnershipRecord? own,
        bool isSuspended,
        GuestStanding standing,
        IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers)
    {
        var host = own is null || isSuspended ? null : HostOf(own.Phase);
        return new GuestStatus
        {
            Name = group.Name,
            Uuid = spec.Uuid,
            State = own is null ? "unknown" : isSuspended ? "blocked" : State(spec, own.Phase, host, answers),
            Host = host?.Name,
            Epoch = own?.Epoch.Number ?? 0,
            Phase = isSuspended ? "suspended" : own?.Phase.Name ?? "none",
            Desired = StoredWords.Of(spec.Desired),
            DesiredBy = spec.DesiredBy,
            Standing = standing switch
            {
                GuestStanding.Protected => StandingKind.Protected,
                GuestStanding.AtRisk => StandingKind.AtRisk,
                GuestStanding.NotProtected => StandingKind.NotProtected,
            },
            Because = standing switch
            {
                GuestStanding.Protected => null,
                GuestStanding.AtRisk s => s.Because,
                GuestStanding.NotProtected s => s.Because,
            },
            MemoryMiB = spec.MemoryMiB,
            StorageProof = StoredWords.Of(own?.StorageProof ?? spec.StorageProof),
            Disks = [.. spec.Disks],
            Prefer = [.. spec.Prefers.Select(preferred => preferred.Name)],
            Failback = spec.Failback.ToString(),
            RecoveryBudgetMs = (long?)spec.RecoveryBudget?.TotalMilliseconds,
        };
    }

    private static HostId? HostOf(OwnershipPhase phase) => phase switch
    {
        OwnershipPhase.Free => null,
        OwnershipPhase.Assigned p => p.Host,
        OwnershipPhase.Claimed p => p.Owner.Host,
        OwnershipPhase.Releasing p => p.Owner.Host,
        OwnershipPhase.Migrating p => p.Owner.Host,
        OwnershipPhase.Blocked => null,
    };

    private static string State(
        GroupSpec spec, OwnershipPhase phase, HostId? host, IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers) => phase switch
        {
            OwnershipPhase.Free => spec.Desired == DesiredState.Running ? "waiting" : "stopped",
            OwnershipPhase.Assigned => "starting",
            OwnershipPhase.Claimed => Claimed(spec, host, answers),
            OwnershipPhase.Releasing => "stopping",
            OwnershipPhase.Migrating => "running",
            OwnershipPhase.Blocked => "blocked",
        };

    private static string Claimed(GroupSpec spec, HostId? host, IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers)
    {
        if (host is null
            || answers.GetValueOrDefault(host.Value) is not PeerAnswer<LocalReply>.Answered { Value: { HypervisorOk: true } local })
            return "unknown";
        var runs = local.Guests.Any(g => g.Uuid == spec.Uuid && g.State != "stopped");
        return (runs, spec.Desired) switch
        {
            (true, DesiredState.Running) => "running",
            (true, DesiredState.Stopped) => "stopping",
            (false, DesiredState.Running) => "starting",
            (false, DesiredState.Stopped) => "stopped",
        };
    }
}
