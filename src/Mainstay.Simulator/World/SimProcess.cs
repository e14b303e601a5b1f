namespace Mainstay.Simulator.World;

/// <summary>A process of a host that can be killed, stopped and resumed, and that its supervisor restarts when it died.</summary>
internal abstract class SimProcess(VirtualWorld world, SimHost host, TimeSpan restartAfter)
{
    public ProcessState State { get; private set; } = ProcessState.Dead;

    /// <summary>When it last started or went on after a stop.</summary>
    public TimeSpan LastStarted { get; private set; }

    /// <summary>Rises at every start and death: what belongs to an earlier life is dropped.</summary>
    public int Life { get; private set; }

    /// <summary>It does its work: not stopped, not dead, and its host's kernel schedules it.</summary>
    public bool Runs => State == ProcessState.Running && host.KernelUp;

    protected VirtualWorld World => world;

    protected SimHost Host => host;

    public void Start()
    {
        if (State != ProcessState.Dead || !host.KernelUp)
            return;
        world.NoteTroubles();
        State = ProcessState.Running;
        LastStarted = world.Now;
        Life++;
        Started();
        world.TopologyChanged();
    }

    /// <summary>SIGKILL. The supervisor starts it again, after <paramref name="heldDown"/> if given.</summary>
    public void Kill(TimeSpan? heldDown)
    {
        if (State == ProcessState.Dead)
            return;
        Die();
        var life = Life;
        world.After(heldDown ?? restartAfter, () =>
        {
            if (Life == life)
                Start();
        });
    }

    public void Stop()
    {
        if (State != ProcessState.Running)
            return;
        world.Quiet.Disturb();
        State = ProcessState.Stopped;
        world.TopologyChanged();
    }

    public void Resume()
    {
        if (State != ProcessState.Stopped)
            return;
        world.NoteTroubles();
        State = ProcessState.Running;
        LastStarted = world.Now;
        ContinueIfAble();
        world.TopologyChanged();
    }

    /// <summary>The host lost power: nothing restarts it before the next boot.</summary>
    public void PowerLost()
    {
        if (State != ProcessState.Dead)
            Die();
        else
            Life++;
    }

    /// <summary>After a hang of the host's kernel.</summary>
    public void ContinueIfAble()
    {
        if (Runs)
            Continued();
    }

    protected virtual void Started()
    {
    }

    protected virtual void Died()
    {
    }

    protected virtual void Continued()
    {
    }

    private void Die()
    {
        world.NoteTroubles();
        State = ProcessState.Dead;
        Life++;
        Died();
        world.TopologyChanged();
    }
}

/// <summary>The etcd member of a host. What it does is in <see cref="SimEtcd"/>, which sees all members at once.</summary>
internal sealed class EtcdProcess(VirtualWorld world, SimHost host) : SimProcess(world, host, Latency.DaemonRestart);
