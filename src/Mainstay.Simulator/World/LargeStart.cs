using Mainstay.Core.Groups;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>
/// The start state of a large cluster, written as it is: to protect thousands of guests one by one takes every agent a decision about all
/// of them for each, and is not what such a scenario is about.
/// </summary>
internal static class LargeStart
{
    /// <summary>Guests from which on a cluster is large.</summary>
    private const int Many = 1_000;

    private static readonly Epoch First = new(1);

    public static bool Suits(VirtualWorld world) => world.Guests.Length >= Many;

    /// <summary>The guests are protected where they are: their tokens, the stamps on their disks and their records.</summary>
    public static void Write(VirtualWorld world, Func<SimGuest, AdminRequest.Protect> request)
    {
        foreach (var host in world.Hosts)
        {
            if (world.SessionOf(host.Id) is not { } session || GroundTruth.Settings(world) is not { } settings)
                continue;
            var me = new HostSession(host.Id, session.Session);
            var guests = world.Guests.Where(guest => guest.Start.Protected && guest.Start.On == host.Id);
            foreach (var some in guests.Chunk(StoreTransaction.MaxChanges / 2))
            {
                foreach (var guest in some)
                    Prepare(world, host, guest, session.Session, settings);
                Commit(world, host, some.SelectMany(guest => Records(host, guest, request(guest), me, settings)).ToValueList());
            }
        }
    }

    private static void Prepare(VirtualWorld world, SimHost host, SimGuest guest, SessionId session, ClusterSettings settings)
    {
        if (guest.Start.Running)
            host.Beacon.Arm(new StartToken(guest.Id, guest.Uuid, First, session, guest.Start.OnIsolation), host.Beacon.LeaseLife, _ => { });
        world.Storage.Stamp(guest.Id, new DiskStamp(settings.ClusterId, settings.Incarnation, First));
    }

    private static IEnumerable<Change> Records(
        SimHost host, SimGuest guest, AdminRequest.Protect request, HostSession me, ClusterSettings settings)
    {
        if (host.Hypervisor.Definition(guest.Id) is not { } found)
            yield break;
        var adoption = new AdoptionCase(default, request, default);
        yield return new Change.Put(new StoreKey.Group(guest.Id), adoption.Spec(found) with { Order = guest.Start.Order });
        yield return new Change.Put(new StoreKey.Ownership(guest.Id), adoption.Own(found, me, First, settings.Incarnation));
    }

    private static void Commit(VirtualWorld world, SimHost host, ValueList<Change> changes)
    {
        var session = new StoreKey.Session(host.Id);
        var guards = changes.Select(change => new Guard(change.Key, 0))
            .Append(new Guard(session, world.Etcd.Entry(session)?.ModRevision ?? 0));
        world.Etcd.Commit(host, new StoreTransaction(guards.ToValueList(), changes), _ => { });
    }
}
