namespace Mainstay.Simulator.World;

/// <summary>libvirtd: carries out steps one after another; while it is stopped they wait, when it dies they are lost.</summary>
internal sealed class LibvirtProcess(VirtualWorld world, SimHost host) : SimProcess(world, host, Latency.DaemonRestart)
{
    private readonly Queue<Action> held = new();

    /// <summary>Does something after a delay, when libvirtd runs; <paramref name="lost"/> happens instead when it died meanwhile.</summary>
    public void Step(TimeSpan delay, Action act, Action lost)
    {
        var life = Life;
        World.After(delay, Arrive);

        void Arrive()
        {
            if (life != Life || State == ProcessState.Dead)
                lost();
            else if (Runs)
                act();
            else
                held.Enqueue(Arrive);
        }
    }

    protected override void Started() => Host.Hypervisor.LibvirtStarted();

    protected override void Died()
    {
        var lost = held.ToArray();
        held.Clear();
        Host.Hypervisor.LibvirtDied();
        foreach (var step in lost)
            step();
    }

    protected override void Continued()
    {
        while (held.Count > 0 && Runs)
            held.Dequeue()();
        Host.Hypervisor.LibvirtContinued();
    }
}
