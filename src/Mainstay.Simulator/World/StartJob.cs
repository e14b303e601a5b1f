using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Simulator.World;

/// <summary>One start in libvirtd: define, ask the hook, bring QEMU up. Queued while libvirtd is stopped, it executes later.</summary>
internal sealed class StartJob(VirtualWorld world, SimHost host, SimDomain domain, bool byAgent, Answer<GuestOutcome> answer)
{
    private static readonly TimeSpan FailureTakes = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan DiskErrorTakes = TimeSpan.FromSeconds(3);

    private readonly BootId boot = host.Boot;

    public void Submit() => host.Libvirt.Step(Latency.Local(world.Chance), () => domain.Enter(Prepare), Lost);

    private void Prepare() => Step(Latency.Hook(world.Chance), AskHook);

    private void AskHook()
    {
        if (domain.State == GuestRunState.Running)
        {
            Refuse();
            return;
        }

        if (host.Hypervisor.All.FirstOrDefault(d => d != domain && d.Defined && d.Guest.Uuid == domain.Guest.Uuid) is { } twin)
        {
            Fail($"domain '{twin.Guest.Id}' is already defined with uuid {domain.Guest.Uuid}");
            return;
        }

        domain.Defined = true;
        if (byAgent)
            domain.Autostart = false;
        var hook = host.Beacon.AskHook(domain.Guest.Uuid);
        if (!hook.Allowed)
        {
            Fail($"the hook refused: {hook.Why}");
            return;
        }

        world.Checks.Executions.Approved(domain.Guest, host, hook.Token, byAgent);
        if (domain.Guest.Misses(host) is { } missing)
            Step(FailureTakes, () => Fail($"{missing} does not exist"));
        else if (domain.Guest.TakeFailure(host.Index))
            Step(FailureTakes, () => Fail("internal error: QEMU exited with status 1"));
        else if (!world.Storage.Accessible(host.Index) || !StorageTruth.Reaches(world, host, domain.Guest))
            Step(DiskErrorTakes, () => Fail("cannot access the disk: input/output error"));
        else
            Spawn(hook.Token);
    }

    private void Spawn(StartToken? token)
    {
        domain.Starting = true;
        host.Hypervisor.CountStarts();
        var burden = world.Storages.Length == 0 ? 1 : world.Storages.Where(storage => domain.Guest.Start.Disks.Contains(storage.Name))
            .Select(storage => storage.Burden).Append(1).Max();
        host.Libvirt.Step(Latency.Spawn(world.Chance) * burden, () => Come(token), () => Orphaned(token));
    }

    private void Come(StartToken? token)
    {
        if (!domain.Starting)
        {
            Fail("QEMU was killed while it came up");
            return;
        }

        if (world.Storage.ImageLocks && domain.Guest.Executions.Exists(StorageTruth.CanWrite(world)))
        {
            domain.Starting = false;
            Fail("failed to get the write lock of the disk: is another process using it?");
            return;
        }

        host.Hypervisor.Begin(domain, token);
        answer.Give(new GuestOutcome.Done());
        domain.Leave();
    }

    /// <summary>libvirtd died while QEMU came up: the process may go on without it, or not.</summary>
    private void Orphaned(StartToken? token)
    {
        if (!host.PoweredOn || host.Boot != boot || !domain.Starting)
            return;
        domain.Starting = false;
        if (world.Chance.Happens(50) && !(world.Storage.ImageLocks && domain.Guest.Executions.Exists(StorageTruth.CanWrite(world))))
            host.Hypervisor.Begin(domain, token);
        Lost();
    }

    /// <summary>For the agent a guest that runs is as good as started; virsh says what it found.</summary>
    private void Refuse()
    {
        if (domain.Lost)
            answer.Give(new GuestOutcome.Failed("a process of this guest runs here although libvirt does not know of it"));
        else if (byAgent)
            answer.Give(new GuestOutcome.Done());
        else
            answer.Give(new GuestOutcome.Failed("the domain is already active"));
        domain.Leave();
    }

    private void Step(TimeSpan delay, Action act) => host.Libvirt.Step(delay, act, Lost);

    private void Lost() => answer.Give(new GuestOutcome.Unknown("the connection to libvirtd was lost"));

    private void Fail(string why)
    {
        domain.LastStop = GuestStopCause.Unclear;
        answer.Give(new GuestOutcome.Failed(why));
        domain.Leave();
    }
}
