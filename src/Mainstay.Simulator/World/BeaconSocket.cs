namespace Mainstay.Simulator.World;

/// <summary>Requests over the socket of a beacon, in order. They wait there while the process is stopped.</summary>
internal sealed class BeaconSocket(VirtualWorld world)
{
    private readonly List<Action> waiting = [];
    private TimeSpan last;

    public void Request(BeaconProcess beacon, Action act, Action refused)
    {
        var life = beacon.Life;
        last = TimeSpan.FromTicks(Math.Max(last.Ticks, (world.Now + Latency.Local(world.Chance)).Ticks)); // In order.
        world.At(last, Arrive);

        void Arrive()
        {
            world.Quiet.Disturb();
            if (life != beacon.Life || beacon.State == ProcessState.Dead)
                refused();
            else if (beacon.Runs)
                act();
            else
                waiting.Add(Arrive);
        }
    }

    public void Ask(BeaconProcess beacon, Func<bool> act, Action<bool> reply)
    {
        var answer = new Answer<bool>(reply);
        world.After(Latency.BeaconLimit, () => answer.Give(false));
        Request(beacon, () => answer.Give(act()), () => answer.Give(false));
    }

    /// <summary>What waited for the process; it waits no more.</summary>
    public Action[] TakeWaiting()
    {
        var requests = waiting.ToArray();
        waiting.Clear();
        return requests;
    }
}
