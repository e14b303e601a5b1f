using Mainstay.Core.Recovery;

namespace Mainstay.Simulator.World;

/// <summary>One stop in libvirtd: ask the guest, or end the process. Done only when no process is left.</summary>
internal sealed class StopJob(
    VirtualWorld world, SimHost host, SimDomain domain, StopMode mode, TimeSpan grace, Answer<GuestOutcome> answer)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public void Submit() => host.Libvirt.Step(Latency.Local(world.Chance), () => domain.Enter(Begin), Lost);

    private void Begin()
    {
        if (domain.Execution is null)
            Finish();
        else if (mode == StopMode.Destroy || domain.Lost)
            Step(Latency.Destroy(world.Chance), Kill);
        else if (domain.Execution is { Hung: true } or { MonitorHungSince: not null })
            Step(grace, mode == StopMode.Ask ? GiveUp : Kill);
        else
            Step(Latency.GuestShutdown(world.Chance), ShutDown);
    }

    private void ShutDown()
    {
        // A guest cannot write its last pages to a lost disk.
        if (domain.Execution is not null && !world.Storage.Accessible(host.Index))
            Step(LookAgain, ShutDown);
        else
            End(GuestStopCause.ShutDown);
    }

    private void Kill()
    {
        // A QEMU that waits for its lost disk sits in the kernel and cannot be killed.
        if (domain.Execution is not null && !world.Storage.Accessible(host.Index))
            Step(LookAgain, Kill);
        else
            End(GuestStopCause.Destroyed);
    }

    private void End(GuestStopCause cause)
    {
        host.Hypervisor.End(domain, cause);
        Finish();
    }

    private void GiveUp()
    {
        answer.Give(new GuestOutcome.Unknown("the guest does not shut down"));
        domain.Leave();
    }

    private void Finish()
    {
        answer.Give(new GuestOutcome.Done());
        domain.Leave();
    }

    private void Step(TimeSpan delay, Action act) => host.Libvirt.Step(delay, act, Lost);

    private void Lost() => answer.Give(new GuestOutcome.Unknown("the connection to libvirtd was lost"));
}
