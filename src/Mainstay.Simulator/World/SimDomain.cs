using Mainstay.Core.Recovery;

namespace Mainstay.Simulator.World;

/// <summary>A guest as one host's libvirt knows it. The definition outlives a reboot; the process does not.</summary>
internal sealed class SimDomain(SimGuest guest)
{
    private readonly Queue<Action> jobs = new();
    private bool busy;

    public SimGuest Guest { get; } = guest;

    public bool Defined { get; set; }

    public bool Autostart { get; set; }

    /// <summary>The hook let it pass and its QEMU is coming up.</summary>
    public bool Starting { get; set; }

    public Execution? Execution { get; set; }

    /// <summary>libvirtd came back without knowing that it runs; a scan of the processes finds it.</summary>
    public bool Lost { get; set; }

    /// <summary>When it last ceased to execute here; null when it never did.</summary>
    public TimeSpan? LastEnd { get; set; }

    public GuestStopCause LastStop { get; set; } = GuestStopCause.Unclear;

    /// <summary>The state that libvirtd last told about; it tells changes.</summary>
    public GuestRunState Told { get; set; } = GuestRunState.Stopped;

    public GuestRunState State => Execution is not null || Starting ? GuestRunState.Running : GuestRunState.Stopped;

    public GuestObservation Observation => new(Guest.Id, Guest.Uuid, State, LastStop);

    /// <summary>libvirt does one job on a domain at a time.</summary>
    public void Enter(Action job)
    {
        if (busy)
        {
            jobs.Enqueue(job);
            return;
        }

        busy = true;
        job();
    }

    public void Leave()
    {
        busy = false;
        if (jobs.TryDequeue(out var next))
            Enter(next);
    }

    /// <summary>libvirtd died, and its queue with it.</summary>
    public void ForgetJobs()
    {
        busy = false;
        jobs.Clear();
    }
}
