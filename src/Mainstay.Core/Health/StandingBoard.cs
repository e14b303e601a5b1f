using System.Collections.Immutable;
using Mainstay.Core.Capacity;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;
using Mainstay.Core.Ownership;
using Mainstay.Core.Restoration;
using Mainstay.Core.Times;

namespace Mainstay.Core.Health;

/// <summary>What the standing of guests follows from besides the store's facts.</summary>
/// <param name="StoreFault">Why the store does not answer; null when it does.</param>
/// <param name="QuorumFault">Why the store would have no quorum without a host; null when it would have one.</param>
/// <param name="ProofFault">Why the death of a host could not be proved; null when it could.</param>
/// <param name="HostFault">Why a host cannot take guests although the store says online (it is silent); null when it can.</param>
public sealed record StandingInputs(
    ClusterView View,
    string? StoreFault,
    Func<HostId, string?> QuorumFault,
    Func<HostId, string?> ProofFault,
    Func<HostId, string?> HostFault)
{
    /// <summary>Why no other host can start a guest, whatever happens: its disks. Null when another one can, or nobody knows.</summary>
    public Func<GroupId, string?> DiskFault { get; init; } = _ => null;
}

/// <summary>
/// Says of each protected guest whether the next loss is survived. For every host a plan is constructed that places all its guests on the
/// others, so "protected" means that there is room for all of them, not for each alone.
/// </summary>
public static class StandingBoard
{
    public static ImmutableSortedDictionary<GroupId, GuestStanding> Of(StandingInputs inputs)
    {
        var (view, board) = (inputs.View, ImmutableSortedDictionary.CreateBuilder<GroupId, GuestStanding>());
        var planner = new LossPlanner(view, inputs.HostFault);
        var homeless = view.Hosts.Keys.ToImmutableSortedDictionary(host => host, host => Homeless(planner, host));
        foreach (var (group, spec) in view.Groups)
            board[group] = One(inputs, group, spec.Value, view.Ownerships.GetValueOrDefault(group)?.Value, homeless);
        return board.ToImmutable();
    }

    private static GuestStanding One(
        StandingInputs inputs,
        GroupId group,
        GroupSpec spec,
        OwnershipRecord? own,
        ImmutableSortedDictionary<HostId, ImmutableSortedDictionary<GroupId, string>> homeless)
    {
        if (own is null)
            return new GuestStanding.NotProtected("it has no ownership record; release and protect it again");
        if (inputs.View.IsSuspended(group))
            return new GuestStanding.NotProtected(
                "suspended since the store was restored: "
                + (RestoreRules.BeforeStart(inputs.View, group) ?? "it runs nowhere and is about to be freed"));
        if (own.Phase is OwnershipPhase.Blocked blocked)
            return new GuestStanding.NotProtected($"blocked: {blocked.Reason}");
        if (spec.Desired == DesiredState.Stopped)
            return new GuestStanding.NotProtected($"it is to be stopped: {spec.DesiredBy}");
        if (inputs.StoreFault is { } storeFault)
            return new GuestStanding.AtRisk($"the store has no quorum: {storeFault}");
        if (!inputs.View.Armed)
            return new GuestStanding.AtRisk($"the cluster is disarmed: {inputs.View.Settings?.Value.DisarmReason}");
        if (OwnershipRules.OwnerOf(own) is not { } owner)
            return new GuestStanding.AtRisk(Waiting(own));
        if (Waits(inputs, spec, own) is { } order)
            return new GuestStanding.AtRisk($"its start waits: {order}");
        if (inputs.DiskFault(group) is { } local)
            return new GuestStanding.NotProtected(local);
        return OfOwned(inputs, group, spec, owner, homeless) is { } because
            ? new GuestStanding.AtRisk(because)
            : new GuestStanding.Protected();
    }

    private static string? Waits(StandingInputs inputs, GroupSpec spec, OwnershipRecord own) =>
        own.HasRun || own.Phase is not OwnershipPhase.Claimed || spec.Order.StartsAtOnceIn == own.Epoch
            ? null
            : spec.Order.After.Select(edge => StartOrder.Waits(inputs.View, edge, host => inputs.HostFault(host) is not null))
                .FirstOrDefault(why => why is not null);

    private static string? OfOwned(
        StandingInputs inputs,
        GroupId group,
        GroupSpec spec,
        HostSession owner,
        ImmutableSortedDictionary<HostId, ImmutableSortedDictionary<GroupId, string>> homeless)
    {
        var host = owner.Host;
        if (!inputs.View.IsOnline(owner))
            return inputs.View.HasProof(owner, group)
                ? $"{host} is dead; it is about to be started elsewhere"
                : $"{host} is being fenced and its death is not proved yet";
        var maintained = inputs.View.Hosts.GetValueOrDefault(host)?.Value.Maintenance == true;
        if (inputs.HostFault(host) is { } silent)
        {
            return maintained
                ? $"in maintenance: {host} is silent and is not fenced; it runs again when {host} returns, or elsewhere after "
                    + $"mainstay confirm-dead {host}"
                : $"{host}: {silent}";
        }

        if (maintained)
            return $"in maintenance: {host} is not fenced, so nobody takes it over if {host} dies";
        if (inputs.ProofFault(host) is { } unproved)
            return $"no proof of death possible for {host}: {unproved}";
        if (inputs.QuorumFault(host) is { } unguarded)
            return unguarded;
        return homeless.GetValueOrDefault(host)?.GetValueOrDefault(group) is { } why
            ? $"no place when {host} is lost: {why}"
            : RecoveryForecast.Fault(inputs.View, group, spec, owner);
    }

    private static string Waiting(OwnershipRecord own)
    {
        if (own.KeptFor is { } host)
            return $"it was stopped with {host}, which was shut down in order; it starts there when {host} returns, "
                + "or elsewhere with mainstay start";
        var last = own.Failures.IsEmpty ? "" : $"; last start failed on {own.Failures[^1].Host}: {own.Failures[^1].Error}";
        return own.Phase is OwnershipPhase.Assigned assigned
            ? $"it is being started on {assigned.Host}{last}"
            : $"it waits for a host ({own.Why}){last}";
    }

    /// <summary>The guests that would find no place if the host were lost, with what the others lack.</summary>
    private static ImmutableSortedDictionary<GroupId, string> Homeless(LossPlanner planner, HostId lost) =>
        planner.Plan(LossCase.AtOnce(lost.Name, [lost])).Stranded.ToImmutableSortedDictionary(guest => guest.Group, guest => guest.Why);
}
