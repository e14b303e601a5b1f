using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator.World;

/// <summary>One agent's watch of the store, as the adapter presents it: everything, then every change, or everything again.</summary>
internal sealed class StoreWatch(VirtualWorld world, SimHost host)
{
    private bool active;
    private bool told;
    private bool served;
    private bool loaded;
    private int look;
    private TimeSpan lastDelivery;

    /// <summary>An agent began its life.</summary>
    public void Begin()
    {
        (active, told, served, loaded) = (true, false, false, false);
        look++;
        Look();
        if (!served)
            PlanLoss();
    }

    public void End()
    {
        active = false;
        look++;
    }

    /// <summary>The way to the store may have changed.</summary>
    public void Look()
    {
        if (!active || world.Etcd is null)
            return;
        var now = world.Etcd.Serves(host);
        if (now == served)
            return;
        served = now;
        look++;
        if (now)
            PlanReturn();
        else
            PlanLoss();
    }

    /// <summary>A change was committed.</summary>
    public void Notify(ValueList<StoreEntry> changes, long revision)
    {
        if (!active || !loaded)
            return;
        if (!served)
        {
            loaded = false; // It misses this one, so that it must load anew.
            return;
        }

        Deliver(new NodeInput.StoreChanged(world.Etcd.AsReadBy(host, changes), revision));
    }

    /// <summary>The store is another one now: the stream is gone, and nothing of the new one was seen.</summary>
    public void Restored()
    {
        loaded = false;
        if (active && served)
            PlanReturn();
    }

    public void Reload()
    {
        if (!active || !served)
            return;
        loaded = false;
        PlanReturn();
    }

    private void PlanReturn()
    {
        var mine = look;
        world.After(world.Chance.Milliseconds(5, 60), () =>
        {
            if (mine != look || !active)
                return;
            if (!told)
            {
                told = true;
                Deliver(new NodeInput.StoreReachable(true, "the store answers"));
            }

            if (loaded)
                return;
            loaded = true;
            var entries = world.Etcd.Snapshot(out var revision);
            Deliver(new NodeInput.StoreLoaded(world.Etcd.AsReadBy(host, entries), revision, world.Etcd.Id));
        });
    }

    private void PlanLoss()
    {
        var mine = look;
        world.After(Latency.StoreSilence, () =>
        {
            if (mine != look || !active || (!told && loaded))
                return;
            (told, loaded) = (false, false);
            var why = world.Etcd.HasLeader ? "no member of the store can be reached from here" : "the store has no quorum";
            Deliver(new NodeInput.StoreReachable(false, why));
        });
    }

    private void Deliver(NodeInput input)
    {
        var at = world.Now + Latency.StoreHop(world.Chance) + (input is NodeInput.StoreChanged ? world.Etcd.WatchDelay : TimeSpan.Zero);
        lastDelivery = at > lastDelivery ? at : lastDelivery;
        var life = host.Agent.Life;
        world.At(lastDelivery, () => host.Agent.Deliver(life, input));
    }
}
