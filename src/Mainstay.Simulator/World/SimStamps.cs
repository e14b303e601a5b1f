using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Simulator.World;

/// <summary>The stamps beside the guests' disks as one host reads and writes them; without its storage it hears nothing.</summary>
internal sealed class SimStamps(VirtualWorld world, SimHost host)
{
    private const string Why = "the storage does not answer";

    public void Read(GroupId guest, Action<Observed<ValueList<DiskStamp>>> reply) => Reach(
        () => reply(new Observed<ValueList<DiskStamp>>.Known(world.Storage.StampOf(guest) is { } stamp ? [stamp] : [])),
        () => reply(new Observed<ValueList<DiskStamp>>.Unknown(Why)));

    public void Write(GroupId guest, DiskStamp stamp, Action<GuestOutcome> reply) => Reach(
        () =>
        {
            world.Checks.Executions.Stamped(host, guest, stamp);
            world.Storage.Stamp(guest, stamp);
            reply(new GuestOutcome.Done());
        },
        () => reply(new GuestOutcome.Unknown(Why)));

    /// <summary>Another cluster's stamp stays.</summary>
    public void Remove(GroupId guest, string cluster, Action<GuestOutcome> reply) => Reach(
        () =>
        {
            if (world.Storage.StampOf(guest)?.ClusterId == cluster)
                world.Storage.RemoveStamp(guest);
            reply(new GuestOutcome.Done());
        },
        () => reply(new GuestOutcome.Unknown(Why)));

    private void Reach(Action act, Action late)
    {
        if (world.Storage.Accessible(host.Index))
        {
            world.After(Latency.Local(world.Chance), () =>
            {
                if (host.PoweredOn && world.Storage.Accessible(host.Index))
                    act();
                else
                    late();
            });
        }
        else
        {
            world.After(Latency.StampLimit, late);
        }
    }
}
