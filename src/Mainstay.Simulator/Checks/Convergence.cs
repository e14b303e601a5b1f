using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>L1 and L3 read from ground truth: what is not as it should be once every fault is over.</summary>
internal static class Convergence
{
    /// <summary>The first thing that is not in order, beginning with its rule; null when everything is in order.</summary>
    public static string? WhatIsMissing(VirtualWorld world)
    {
        foreach (var host in world.Hosts)
        {
            if (IsLeftOut(world, host))
                continue;
            if (host.KernelUp && GroundTruth.HostState(world, host) is var state and not "online")
                return $"L3 {host.Id} runs, but its session is {state}";
            if (host.KernelUp && Array.Find(world.Storages, storage => storage.IsCutOff(host)) is { } storage)
                return $"L3 {host.Id} is online and still cut off from {storage.Name}";
        }

        if (GroundTruth.Settings(world) is not { Armed: true })
            return "L1 the cluster is disarmed: nothing is recovered";
        foreach (var guest in world.Guests)
        {
            if (GroundTruth.Spec(world, guest.Id) is { } spec && Missing(world, guest, spec) is { } what)
                return what;
        }

        return null;
    }

    /// <summary>
    /// It was taken out of the cluster; or a copy of its disk in other hardware is the member, and a person has to decide.
    /// </summary>
    private static bool IsLeftOut(VirtualWorld world, SimHost host) =>
        (world.Requests.WasRemoved(host.Id) && world.Etcd.Value(new StoreKey.Host(host.Id)) is null)
        || (world.HasClones && GroundTruth.Session(world, host.Id)?.Hardware is { } known && host.Hardware is { } own && own != known);

    private static string? Missing(VirtualWorld world, SimGuest guest, GroupSpec spec)
    {
        var own = GroundTruth.Ownership(world, guest.Id);
        var phase = own?.Phase.Name ?? "unknown";
        if (GroundTruth.IsSuspended(world, guest.Id)) // Two copies are a person's to decide about.
            return guest.Executions.Count > 1 ? null : $"L3 {guest.Id} is still suspended since the store was restored";
        if (own?.Phase is OwnershipPhase.Releasing or OwnershipPhase.Migrating)
            return $"L3 {guest.Id} is still {phase}";
        if (spec.Desired == DesiredState.Stopped)
            return guest.Executions.Count == 0 ? null : $"L1 {guest.Id} is to be stopped and executes on {guest.Executions[0].Host.Id}";
        if (own is { Phase: OwnershipPhase.Free, KeptFor: { } kept } && GroundTruth.HostState(world, world.Host(kept)) != "online")
            return guest.Executions.Count == 0 ? null : $"L1 {guest.Id} is kept for {kept} and executes on {guest.Executions[0].Host.Id}";
        if (own is { Phase: OwnershipPhase.Blocked, Losses.Count: > 1 })
            return guest.Executions.Count == 0 ? null : $"L1 {guest.Id} is held back and executes on {guest.Executions[0].Host.Id}";
        if (own?.Phase is OwnershipPhase.Blocked blocked)
            return $"L1 {guest.Id} is blocked: {blocked.Reason}";
        if (guest.Executions.Count == 0)
        {
            return !world.Checks.Orders.MayWait(guest.Id) && Placeable(world, guest) is { } host
                ? $"L1 {guest.Id} does not run ({phase}) although {host.Id} could take it"
                : null;
        }

        var runner = guest.Executions[0].Host;
        return own?.Phase is OwnershipPhase.Claimed claimed && claimed.Owner.Host == runner.Id
            ? null
            : $"L3 {guest.Id} executes on {runner.Id}, but the store says {phase} {GroundTruth.OwnerIn(own?.Phase)}".TrimEnd();
    }

    private static SimHost? Placeable(VirtualWorld world, SimGuest guest) =>
        Array.Find(world.Hosts, host => GroundTruth.CouldTake(world, host, guest));
}
