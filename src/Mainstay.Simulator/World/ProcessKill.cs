using Mainstay.Core.Recovery;

namespace Mainstay.Simulator.World;

/// <summary>
/// The end of an agent's stop that libvirtd does not answer: the guest's process is killed without it. Done only when a process was seen
/// to end; that libvirtd holds no start any more is not known otherwise (S2).
/// </summary>
internal sealed class ProcessKill(VirtualWorld world, SimHost host, SimDomain domain, Answer<GuestOutcome> answer)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private readonly int life = host.Agent.Life;
    private readonly bool seen = domain.State != GuestRunState.Stopped;

    /// <summary>When libvirtd has had its time after <paramref name="grace"/>; at once when it does not run.</summary>
    public void After(TimeSpan grace)
    {
        var limit = host.Libvirt.State == ProcessState.Dead ? Latency.Destroy(world.Chance) : grace + Latency.ListLimit;
        world.After(limit, () => Look(world.Now + Latency.KillLimit));
    }

    private void Look(TimeSpan until)
    {
        // What the agent does by itself ends with it.
        if (answer.Given || host.Agent.Life != life)
            return;
        if (!host.Agent.Runs)
            world.After(LookAgain, () => Look(until + LookAgain));
        else if (domain.State == GuestRunState.Stopped)
            answer.Give(seen ? new GuestOutcome.Done() : new GuestOutcome.Unknown("libvirtd does not confirm that the guest is stopped"));
        else if (world.Storage.Accessible(host.Index))
            Kill();
        else if (world.Now < until)
            world.After(LookAgain, () => Look(until));
        else
            answer.Give(new GuestOutcome.Unknown("the process does not end after SIGKILL"));
    }

    private void Kill()
    {
        domain.Starting = false;
        host.Hypervisor.End(domain, GuestStopCause.Destroyed);
        answer.Give(new GuestOutcome.Done());
    }
}
