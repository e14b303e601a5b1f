using Mainstay.Core.Recovery;
using Mainstay.Hypervisor.Libvirt;
using Xunit;

namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>The contract against a real libvirtd with real QEMU processes, and what is libvirt's own.</summary>
public sealed class LibvirtHypervisorTests(LibvirtWorld world) : HypervisorContract(world), IClassFixture<LibvirtWorld>
{
    private readonly LibvirtWorld world = world;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refusal_of_the_hook_is_the_reason_given()
    {
        Assert.SkipWhen(world.Missing is not null, world.Missing ?? "");
        var guest = world.NewGuest(GuestKind.Deaf);
        await File.WriteAllTextAsync($"{world.Root}/refused/{guest.Id}", "", Cancel);
        var outcome = await world.Hypervisor.Start(guest.Id, guest.Uuid, guest.Definition, Cancel);
        Assert.Contains($"no start token for {guest.Id}", Assert.IsType<GuestOutcome.Failed>(outcome).Why, StringComparison.Ordinal);
        Assert.False(world.HasProcess(guest));
    }

    [Fact]
    public async Task A_conflict_of_disk_locks_is_the_reason_given()
    {
        Assert.SkipWhen(world.Missing is not null, world.Missing ?? "");
        var first = world.NewGuest(GuestKind.Deaf);
        var second = world.NewGuest($"{first.Id}-twin", $"{world.Root}/disks/{first.Id}.raw");
        Assert.Equal(new GuestOutcome.Done(), await world.Hypervisor.Start(first.Id, first.Uuid, first.Definition, Cancel));
        var outcome = await world.Hypervisor.Start(second.Id, second.Uuid, second.Definition, Cancel);
        Assert.Contains("Failed to get \"write\" lock", Assert.IsType<GuestOutcome.Failed>(outcome).Why, StringComparison.Ordinal);
        Assert.False(world.HasProcess(second));
        Assert.Equal(
            new GuestOutcome.Done(),
            await world.Hypervisor.Stop(first.Id, first.Uuid, StopMode.Destroy, TimeSpan.Zero, Cancel));
    }

    [Fact]
    public async Task A_definition_of_another_guest_is_not_started()
    {
        Assert.SkipWhen(world.Missing is not null, world.Missing ?? "");
        var guest = world.NewGuest(GuestKind.Deaf);
        var other = world.NewGuest(GuestKind.Deaf);
        Assert.IsType<GuestOutcome.Failed>(await world.Hypervisor.Start(guest.Id, guest.Uuid, other.Definition, Cancel));
        Assert.IsType<GuestOutcome.Failed>(await world.Hypervisor.Start(guest.Id, guest.Uuid, "<domain", Cancel));
        Assert.False(world.HasProcess(other));
    }

    [Fact]
    public async Task Without_a_daemon_everything_is_unknown_or_refused_at_once()
    {
        Assert.SkipWhen(world.Missing is not null, world.Missing ?? "");
        await using var alone = new LibvirtHypervisor(world.Options with { Uri = $"qemu:///system?socket={world.Root}/sock/absent" });
        var guest = world.NewGuest(GuestKind.Deaf);
        Assert.False(await alone.List(Cancel) is Core.Model.Observed<GuestInventory>.Known);
        Assert.IsType<GuestOutcome.Failed>(await alone.Start(guest.Id, guest.Uuid, guest.Definition, Cancel));
        Assert.IsType<GuestOutcome.Unknown>(await alone.Stop(guest.Id, guest.Uuid, StopMode.Destroy, TimeSpan.Zero, Cancel));
    }
}
