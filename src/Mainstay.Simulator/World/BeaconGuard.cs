using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Simulator.World;

/// <summary>
/// The lease in the beacon of a virtual host: the production lease decides; pausing, killing and feeding happen to the virtual guests.
/// </summary>
internal sealed class BeaconGuard : IGuardedGuests
{
    private static readonly TimeSpan KillAgain = TimeSpan.FromMilliseconds(500);

    private readonly VirtualWorld world;
    private readonly SimHost host;
    private readonly SimStartGate gate;
    private readonly LeaseGuardian guardian;
    private TimeSpan killAt;
    private TimeSpan? stall;

    public BeaconGuard(VirtualWorld world, SimHost host, BeaconLease lease, SimStartGate gate)
    {
        (this.world, this.host, Lease, this.gate) = (world, host, lease, gate);
        guardian = new LeaseGuardian(lease, this);
    }

    public BeaconLease Lease { get; }

    public OwnLease View(Instant now)
    {
        var paused = 0;
        foreach (var domain in host.Hypervisor.All)
            paused += domain.Execution is { Paused: true } && IsGuarded(domain) ? 1 : 0;
        return Lease.View(host.Watchdog.Reset, paused, now);
    }

    /// <summary>False where nothing is ever fed.</summary>
    public bool IsAboutToStall => stall is not null && (Lease.Holder.Terms is not null || host.Watchdog.Armed);

    /// <summary>The next feeding stalls between its check and the act.</summary>
    public void StallNextFeeding(TimeSpan time)
    {
        world.Quiet.Disturb();
        stall = time;
    }

    /// <summary>One look at the lease, and the watchdog fed if it may be.</summary>
    public void Look(Instant now)
    {
        guardian.Look(now);
        var holder = Lease.Holder;
        if (!holder.MayFeed(now) || (holder.Terms is null && !host.Watchdog.Armed))
            return;
        if (stall is { } time)
            FeedAfter(time);
        else
            host.Watchdog.Feed();
    }

    public bool AnyLeft() => Guarded().Any();

    public void Pause(bool all)
    {
        foreach (var domain in Guarded())
        {
            if (domain.Execution is { Paused: false } execution && (all || !gate.ShutsDown(domain.Guest.Uuid)))
                execution.Pause(world.Now);
        }
    }

    public void Continue()
    {
        foreach (var domain in host.Hypervisor.Active)
        {
            if (domain.Execution is not { Paused: true } execution)
                continue;
            execution.Continue(world.Now);
            world.Checks.Executions.GoesOn(execution);
        }
    }

    public void Kill()
    {
        host.Beacon.DropTokens();
        if (world.Now < killAt)
            return;
        killAt = world.Now + KillAgain;
        foreach (var domain in Guarded().ToArray())
        {
            world.After(Latency.Destroy(world.Chance), () =>
            {
                // A QEMU that waits for its lost disk cannot be killed: then the watchdog ends the host.
                if (domain.Execution is { } execution && world.Storage.Accessible(host.Index))
                    host.Hypervisor.EndByBeacon(domain, execution);
            });
        }
    }

    // What was decided before a stall happens first thing after it; then comes the second look.
    private void FeedAfter(TimeSpan time)
    {
        stall = null;
        var boot = host.Boot;
        host.Beacon.Stop();
        world.After(time, () =>
        {
            if (!host.PoweredOn || host.Boot != boot || host.Beacon.State != ProcessState.Stopped)
                return;
            host.Watchdog.Feed();
            if (Lease.Holder.MustReset(host.Beacon.Clock))
                host.Reset();
            else
                host.Beacon.Resume();
        });
    }

    private IEnumerable<SimDomain> Guarded() => host.Hypervisor.All.Where(IsGuarded);

    private bool IsGuarded(SimDomain domain) => domain.State == GuestRunState.Running && gate.IsGuarded(domain.Guest.Uuid);
}
