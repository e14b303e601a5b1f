using System.Collections.Immutable;
using Mainstay.Contract.Tests.Simulated;
using Mainstay.Core.Membership;
using Mainstay.Core.Placement.Needs;
using Mainstay.Core.Recovery;
using Mainstay.Engine.Ports;
using Mainstay.Simulator.World;
using Xunit;

namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>The simulator's libvirt of one virtual host.</summary>
public sealed class SimulatedWorld : HypervisorWorld, IAsyncLifetime
{
    private const int Guests = 64;

    private readonly SortedSet<string> deaf = new(StringComparer.Ordinal);
    private VirtualDriver driver = null!;
    private ImmutableSortedSet<string> executing = [];
    private int used;

    public override string? Missing => null;

    public override IHypervisor Hypervisor => new SimulatedHypervisor(driver, Host);

    public override NeededItem PresentItem => new("bridge:br0", "");

    public override NeededItem MissingItem => new("bridge:br9", "");

    public override TimeSpan Now => driver.Now;

    public override TimeSpan Limit => TimeSpan.FromSeconds(60);

    private SimHost Host => driver.Host(0);

    public async ValueTask InitializeAsync()
    {
        driver = new VirtualDriver(1, Guests, GuestMemoryMiB, Publish);
        // A beacon that was never set up lets nothing start.
        await driver.Do(_ => Host.Lacks.Add(MissingItem.Item));
        await driver.Do(_ => Host.Beacon.SetUp(new BeaconSetup(Host.Id, Host.Number, null, ["10.1.0.1"], [], [])));
    }

    public ValueTask DisposeAsync() => driver.DisposeAsync();

    public override TestGuest NewGuest(GuestKind kind)
    {
        var guest = driver.Guest(Interlocked.Increment(ref used) - 1);
        // Calls come in order: the guest is what it is to be before it is started.
        _ = driver.Do(_ =>
        {
            guest.FailStartsOn(0, kind == GuestKind.Broken);
            if (kind == GuestKind.Deaf)
                deaf.Add(guest.Uuid);
        });
        return new TestGuest(guest.Id, guest.Uuid, guest.Definition);
    }

    public override bool HasProcess(TestGuest guest) => Volatile.Read(ref executing).Contains(guest.Uuid);

    public override bool HasSpoken(TestGuest guest) => HasProcess(guest);

    public override Task Crash(TestGuest guest) => driver.Do(_ => End(guest, GuestStopCause.Crashed));

    public override Task ShutDownFromInside(TestGuest guest) => driver.Do(_ => End(guest, GuestStopCause.ShutDown));

    public override Task DestroyByHand(TestGuest guest) => driver.Do(_ => Host.Hypervisor.StopByHand(guest.Id, StopMode.Destroy));

    public override Task Hang() => driver.Do(_ => Host.Libvirt.Stop());

    public override Task Resume() => driver.Do(_ => Host.Libvirt.Resume());

    public override Task Restart() => driver.Do(_ => Host.Libvirt.Kill(null));

    public override Task RestartUnaware(TestGuest guest) => driver.Do(_ => Host.Hypervisor.Lose(guest.Id));

    private void End(TestGuest guest, GuestStopCause cause) => Host.Hypervisor.End(Host.Hypervisor.Domain(guest.Id), cause);

    private void Publish(VirtualWorld world)
    {
        foreach (var guest in world.Guests.Where(guest => deaf.Contains(guest.Uuid)))
            guest.Executions.ForEach(execution => execution.Hung = true);
        Volatile.Write(
            ref executing,
            world.Guests.Where(guest => guest.Executions.Count > 0 || world.Hosts[0].Hypervisor.Domain(guest.Id).Starting)
                .Select(guest => guest.Uuid).ToImmutableSortedSet(StringComparer.Ordinal));
    }
}
