using System.Diagnostics;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;
using Mainstay.Engine.Ports;
using Xunit;

namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>What the core relies on in any <see cref="IHypervisor"/>, real or simulated.</summary>
public abstract class HypervisorContract(HypervisorWorld world)
{
    private static readonly TimeSpan NoGrace = TimeSpan.Zero;

    private IHypervisor Hypervisor
    {
        get
        {
            Assert.SkipWhen(world.Missing is not null, world.Missing ?? "");
            return world.Hypervisor;
        }
    }

    [Fact]
    public async Task A_started_guest_runs_is_defined_and_does_not_autostart()
    {
        var guest = await Started(GuestKind.Obedient);
        await Eventually(() => world.HasSpoken(guest), "the guest speaks");
        Assert.Equal(GuestRunState.Running, (await Seen(guest))?.State);
        var definition = await Definition(guest);
        Assert.NotNull(definition);
        Assert.Equal(guest.Uuid, definition.Uuid);
        Assert.Equal(HypervisorWorld.GuestMemoryMiB, definition.MemoryMiB);
        Assert.False(definition.Autostart);
        Assert.Equal(GuestRunState.Running, definition.State);
        Assert.Equal(new GuestOutcome.Done(), await Start(guest));
        await Destroy(guest);
    }

    [Fact]
    public async Task A_definition_read_starts_the_same_guest()
    {
        var guest = await Started(GuestKind.Obedient);
        await Destroy(guest);
        var definition = await Definition(guest);
        Assert.NotNull(definition);
        Assert.Equal(new GuestOutcome.Done(), await Start(guest with { Definition = definition.Xml }));
        Assert.True(world.HasProcess(guest));
        await Destroy(guest);
    }

    [Fact]
    public async Task Destroying_leaves_no_process_and_is_repeatable()
    {
        var guest = await Started(GuestKind.Deaf);
        await Destroy(guest);
        Assert.Equal(new GuestObservation(guest.Id, guest.Uuid, GuestRunState.Stopped, GuestStopCause.Destroyed), await Seen(guest));
        await Destroy(guest);
        await Destroy(world.HasProcess(guest) ? guest : world.NewGuest(GuestKind.Deaf));
    }

    [Fact]
    public async Task A_graceful_stop_lets_the_guest_shut_down()
    {
        var guest = await Started(GuestKind.Obedient);
        await Eventually(() => world.HasSpoken(guest), "the guest speaks");
        var outcome = await Hypervisor.Stop(guest.Id, guest.Uuid, StopMode.Graceful, TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(new GuestOutcome.Done(), outcome);
        Assert.False(world.HasProcess(guest));
        Assert.Equal(GuestStopCause.ShutDown, (await Seen(guest))?.LastStop);
    }

    [Fact]
    public async Task A_guest_that_ignores_the_request_is_destroyed_after_the_grace()
    {
        var guest = await Started(GuestKind.Deaf);
        await Eventually(() => world.HasSpoken(guest), "the guest speaks");
        var began = world.Now;
        var outcome = await Hypervisor.Stop(guest.Id, guest.Uuid, StopMode.Graceful, TimeSpan.FromSeconds(1), Cancel);
        Assert.Equal(new GuestOutcome.Done(), outcome);
        Assert.False(world.HasProcess(guest));
        Assert.True(world.Now - began >= TimeSpan.FromSeconds(0.95));
        Assert.Equal(GuestStopCause.Destroyed, (await Seen(guest))?.LastStop);
    }

    [Fact]
    public async Task A_crash_is_told_as_a_crash()
    {
        await using var news = await NewsReader.Begin(Hypervisor);
        var guest = await Started(GuestKind.Deaf);
        await news.Until(item => IsChange(item, guest, GuestRunState.Running), "the guest runs");
        await world.Crash(guest);
        await news.Until(item => IsChange(item, guest, GuestRunState.Stopped, GuestStopCause.Crashed), "the guest crashed");
        Assert.Equal(new GuestObservation(guest.Id, guest.Uuid, GuestRunState.Stopped, GuestStopCause.Crashed), await Seen(guest));
    }

    [Fact]
    public async Task A_shutdown_from_inside_is_told_as_a_shutdown()
    {
        await using var news = await NewsReader.Begin(Hypervisor);
        var guest = await Started(GuestKind.Obedient);
        await Eventually(() => world.HasSpoken(guest), "the guest speaks");
        await world.ShutDownFromInside(guest);
        await news.Until(item => IsChange(item, guest, GuestRunState.Stopped, GuestStopCause.ShutDown), "the guest shut down");
        Assert.Equal(GuestStopCause.ShutDown, (await Seen(guest))?.LastStop);
    }

    [Fact]
    public async Task A_destruction_by_hand_is_told_as_a_destruction()
    {
        await using var news = await NewsReader.Begin(Hypervisor);
        var guest = await Started(GuestKind.Deaf);
        await world.DestroyByHand(guest);
        await news.Until(item => IsChange(item, guest, GuestRunState.Stopped, GuestStopCause.Destroyed), "the guest was destroyed");
        Assert.Equal(GuestStopCause.Destroyed, (await Seen(guest))?.LastStop);
    }

    [Fact]
    public async Task Forgetting_removes_the_definition_of_a_stopped_guest_only()
    {
        var guest = await Started(GuestKind.Deaf);
        Assert.IsType<GuestOutcome.Failed>(await Hypervisor.Forget(guest.Id, guest.Uuid, Cancel));
        Assert.True(world.HasProcess(guest));
        await Destroy(guest);
        Assert.Equal(new GuestOutcome.Done(), await Hypervisor.Forget(guest.Id, guest.Uuid, Cancel));
        Assert.Null(await Definition(guest));
        Assert.Null(await Seen(guest));
        Assert.Equal(new GuestOutcome.Done(), await Hypervisor.Forget(guest.Id, guest.Uuid, Cancel));
    }

    [Fact]
    public async Task A_start_switches_autostart_off_again()
    {
        var guest = await Started(GuestKind.Deaf);
        await Destroy(guest);
        Assert.Equal(new GuestOutcome.Done(), await Hypervisor.SetAutostart(guest.Id, guest.Uuid, true, Cancel));
        Assert.True((await Definition(guest))?.Autostart);
        Assert.Equal(new GuestOutcome.Done(), await Start(guest));
        Assert.False((await Definition(guest))?.Autostart);
        await Destroy(guest);
    }

    [Fact]
    public async Task A_start_that_fails_says_why_and_leaves_nothing_running()
    {
        var guest = world.NewGuest(GuestKind.Broken);
        var failed = Assert.IsType<GuestOutcome.Failed>(await Start(guest));
        Assert.NotEmpty(failed.Why);
        Assert.False(world.HasProcess(guest));
        Assert.NotEqual(GuestRunState.Running, (await Seen(guest))?.State);
    }

    [Fact]
    public async Task What_guests_need_is_there_or_known_to_be_missing()
    {
        var found = await Hypervisor.Look([world.MissingItem, world.PresentItem], Cancel);
        Assert.Equal([world.PresentItem.Item], found.Has);
        var missing = Assert.Single(found.Lacks);
        Assert.Equal(world.MissingItem.Item, missing.Item);
        Assert.NotEmpty(missing.Why);
        Assert.True(found.Cpus > 0);
    }

    [Fact]
    public async Task Many_guests_start_at_a_time()
    {
        var guests = Enumerable.Range(0, 12).Select(_ => world.NewGuest(GuestKind.Deaf)).ToArray();
        var outcomes = await Task.WhenAll(guests.Select(Start));
        Assert.All(outcomes, outcome => Assert.Equal(new GuestOutcome.Done(), outcome));
        Assert.All(guests, guest => Assert.True(world.HasProcess(guest)));
        var measured = Assert.IsType<Observed<HostMeasurement>.Known>(await Hypervisor.Measure(Cancel)).Value;
        Assert.InRange(measured.UsedMiB, guests.Length * HypervisorWorld.GuestMemoryMiB, measured.MemoryMiB);
        Assert.InRange(measured.LoadPercent, 0, 100);
        await Task.WhenAll(guests.Select(Destroy));
    }

    [Fact]
    public async Task A_hung_hypervisor_is_unknown_within_the_limit_and_cannot_keep_a_guest_alive()
    {
        var guest = await Started(GuestKind.Deaf);
        var other = world.NewGuest(GuestKind.Deaf);
        await using var news = await NewsReader.Begin(Hypervisor);
        await world.Hang();
        try
        {
            var lists = Enumerable.Range(0, 50).Select(_ => Limited(Hypervisor.List(Cancel))).ToArray();
            var start = Limited(Start(other));
            Assert.All(await Task.WhenAll(lists), list => Assert.IsType<Observed<GuestInventory>.Unknown>(list));
            Assert.Equal(new GuestOutcome.Done(), await Limited(Destroy()));
            Assert.False(world.HasProcess(guest));
            Assert.IsNotType<GuestOutcome.Done>(await start);
            await news.Until(item => item is HypervisorNews.Disconnected, "the connection counts as lost");
        }
        finally
        {
            await world.Resume();
        }

        await news.Until(item => item is HypervisorNews.Connected, "the connection is back");
        await Eventually(async () => (await Seen(guest))?.State == GuestRunState.Stopped, "the guest is listed as stopped");
        await Eventually(
            async () => await Hypervisor.Stop(other.Id, other.Uuid, StopMode.Destroy, NoGrace, Cancel) is GuestOutcome.Done,
            "the guest whose start is in doubt is stopped");

        Task<GuestOutcome> Destroy() => Hypervisor.Stop(guest.Id, guest.Uuid, StopMode.Destroy, NoGrace, Cancel);
    }

    [Fact]
    public async Task Guests_outlive_the_hypervisor_and_are_found_again()
    {
        var guest = await Started(GuestKind.Deaf);
        await using var news = await NewsReader.Begin(Hypervisor);
        await world.Restart();
        await news.Until(item => item is HypervisorNews.Disconnected, "the connection is lost");
        await news.Until(item => item is HypervisorNews.Connected, "the connection is back");
        await Eventually(async () => (await Seen(guest))?.State == GuestRunState.Running, "the guest is listed as running");
        Assert.True(world.HasProcess(guest));
        await Eventually(
            async () => await Hypervisor.Stop(guest.Id, guest.Uuid, StopMode.Destroy, NoGrace, Cancel) is GuestOutcome.Done,
            "the guest is stopped");
    }

    [Fact]
    public async Task A_guest_that_the_hypervisor_lost_counts_as_running_and_is_stopped()
    {
        var guest = await Started(GuestKind.Deaf);
        await world.RestartUnaware(guest);
        await Eventually(async () => (await Seen(guest))?.State == GuestRunState.Running, "the lost guest is listed as running");
        Assert.IsType<GuestOutcome.Failed>(await Start(guest));
        Assert.True(world.HasProcess(guest));
        await Destroy(guest);
        Assert.NotEqual(GuestRunState.Running, (await Seen(guest))?.State);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static bool IsChange(HypervisorNews item, TestGuest guest, GuestRunState state, GuestStopCause? cause = null) =>
        item is HypervisorNews.GuestChanged { Guest: var seen } && seen.Guest == guest.Id && seen.Uuid == guest.Uuid
            && seen.State == state && (cause is null || seen.LastStop == cause);

    private Task<GuestOutcome> Start(TestGuest guest) => Hypervisor.Start(guest.Id, guest.Uuid, guest.Definition, Cancel);

    private async Task<TestGuest> Started(GuestKind kind)
    {
        var hypervisor = Hypervisor;
        var guest = world.NewGuest(kind);
        Assert.Equal(new GuestOutcome.Done(), await hypervisor.Start(guest.Id, guest.Uuid, guest.Definition, Cancel));
        Assert.True(world.HasProcess(guest));
        return guest;
    }

    private async Task Destroy(TestGuest guest)
    {
        Assert.Equal(new GuestOutcome.Done(), await Hypervisor.Stop(guest.Id, guest.Uuid, StopMode.Destroy, NoGrace, Cancel));
        Assert.False(world.HasProcess(guest));
    }

    /// <summary>Null: not listed, or the list is not known.</summary>
    private async Task<GuestObservation?> Seen(TestGuest guest) =>
        await Hypervisor.List(Cancel) is Observed<GuestInventory>.Known known
            ? known.Value.Guests.SingleOrDefault(seen => seen.Uuid == guest.Uuid)
            : null;

    private async Task<GuestDefinition?> Definition(TestGuest guest) =>
        Assert.IsType<Observed<GuestDefinition?>.Known>(await Hypervisor.ReadDefinition(guest.Id, Cancel)).Value;

    private async Task<T> Limited<T>(Task<T> call) => await call.WaitAsync(world.Limit, Cancel);

    private static Task Eventually(Func<bool> holds, string what) => Eventually(() => Task.FromResult(holds()), what);

    private static async Task Eventually(Func<Task<bool>> holds, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"within a minute: {what}");
            await Task.Delay(10, Cancel);
        }
    }
}
