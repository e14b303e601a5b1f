using Mainstay.Core.Balance;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;

namespace Mainstay.Simulator.World;

/// <summary>What the production placer says about the world as the store has it.</summary>
internal static class Questions
{
    public static ValueList<string> WhyNot(VirtualWorld world, SimGuest guest, SimHost host) =>
        Wish(world, guest, null) is { } wish ? new Placer(View(world), Fault(world)).WhyNot(wish, host.Id) : ["it is not protected"];

    /// <summary>Where it would go from where it is.</summary>
    public static PlacementDecision Choice(VirtualWorld world, SimGuest guest) =>
        Wish(world, guest, GroundTruth.OwnerOf(world, guest.Id)?.Host) is { } wish
            ? new Placer(View(world), Fault(world)).Place(wish)
            : new PlacementDecision(default, null, "it is not protected", []);

    /// <summary>The first rule that must hold and is broken by what executes where; null when none is.</summary>
    public static string? Broken(VirtualWorld world)
    {
        foreach (var guest in world.Guests.Where(guest => guest.Executions.Count == 1))
        {
            if (Checks.RuleChecker.Breach(world, guest.Id, guest.Executions[0].Host.Id) is { } breach)
                return $"{guest.Id} on {guest.Executions[0].Host.Id}: {breach}";
        }

        return null;
    }

    /// <summary>The moves that the command line would propose.</summary>
    public static BalancePlan Balance(VirtualWorld world) => Balancer.Of(View(world), Fault(world));

    private static PlacementWish? Wish(VirtualWorld world, SimGuest guest, HostId? notOn) =>
        GroundTruth.Spec(world, guest.Id) is { } spec && GroundTruth.Ownership(world, guest.Id) is { } own
            ? new PlacementWish(guest.Id, spec, own, "what if", notOn)
            : null;

    private static ClusterView View(VirtualWorld world) =>
        world.Etcd.All.Aggregate(ClusterView.Empty, (view, entry) => view.With(entry));

    private static Func<HostId, string?> Fault(VirtualWorld world) => host => world.Host(host).KernelUp ? null : "it is silent";
}
