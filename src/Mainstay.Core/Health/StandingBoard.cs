using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;
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
    private const int MostNamed = 5;

    public static ImmutableSortedDictionary<GroupId, GuestStanding> Of(StandingInputs inputs)
    {
        var (view, board) = (inputs.View, ImmutableSortedDictionary.CreateBuilder<GroupId, GuestStanding>());
        var homeless = view.Hosts.Keys.ToImmutableSortedDictionary(h => h, h => Homeless(inputs, h));
        foreach (var (group, spec) in view.Groups)
            board[group] = One(inputs, group, spec.Value, view.Ownerships.GetValueOrDefault(group)?.Value, homeless);
        return board.ToImmutable();
    }

    private static GuestStanding One(
        StandingInputs inputs,
        GroupId group,
        GroupSpec spec,
        OwnershipRecord? own,
        ImmutableSortedDictionary<HostId, ImmutableSortedDictionary<GroupId, PlacementDecision>> homeless)
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
        if (inputs.DiskFault(group) is { } local)
            return new GuestStanding.NotProtected(local);
        return OfOwned(inputs, group, spec, owner, homeless) is { } because
            ? new GuestStanding.AtRisk(because)
            : new GuestStanding.Protected();
    }

    private static string? OfOwned(
        StandingInputs inputs,
        GroupId group,
        GroupSpec spec,
        HostSession owner,
        ImmutableSortedDictionary<HostId, ImmutableSortedDictionary<GroupId, PlacementDecision>> homeless)
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
        return homeless.GetValueOrDefault(host)?.GetValueOrDefault(group) is { } decision
            ? NoPlace(spec, host, decision)
            : RecoveryForecast.Fault(inputs.View, group, spec, owner);
    }

    // Room is what it mostly is, and then one number says it.
    private static string NoPlace(GroupSpec spec, HostId lost, PlacementDecision decision)
    {
        HostScore[] others = [.. decision.Considered.Where(score => score.Host != lost)];
        return Array.Exists(others, score => score.Rejected?.Contains(": ", StringComparison.Ordinal) == true)
            ? "no other host can take it: " + string.Join("; ", others.Take(MostNamed).Select(score => $"{score.Host}: {score.Rejected}"))
                + (others.Length > MostNamed ? $"; and {others.Length - MostNamed} more" : "")
            : $"no host has {spec.HostMemoryMiB} MiB free beside {lost}";
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

    /// <summary>The guests of a host that would find no place on the others.</summary>
    private static ImmutableSortedDictionary<GroupId, PlacementDecision> Homeless(StandingInputs inputs, HostId lost)
    {
        var view = inputs.View;
        var placer = new Placer(view, host => host == lost ? "it is the one that is lost" : inputs.HostFault(host));
        PlacementWish[] wishes =
        [
            .. view.Ownerships.Where(o => OwnershipRules.OwnerOf(o.Value.Value)?.Host == lost && view.Groups.ContainsKey(o.Key))
                .Select(o => new PlacementWish(o.Key, view.Groups[o.Key].Value, o.Value.Value, "what if", lost)),
        ];
        return wishes.Zip(placer.Place(wishes)).Where(pair => pair.Second.Chosen is null)
            .ToImmutableSortedDictionary(pair => pair.First.Group, pair => pair.Second);
    }
}
