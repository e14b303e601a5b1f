namespace Mainstay.Lab.Tests.Cluster;

/// <summary>Hosts die in every way, and their guests run on elsewhere, once each (S1, S2, L1).</summary>
[Collection("cluster")]
public sealed class HostDeathTests(ClusterLab cluster)
{
    [Fact]
    public Task The_guests_of_a_killed_host_run_on_the_survivors_and_the_cluster_says_why() => cluster.Play(async stage =>
    {
        var (victim, guests) = await stage.Victim();
        var survivor = stage.OtherThan(victim);
        var before = await stage.Take(survivor);
        await stage.Lab.Kill(victim, withBmc: false, stage.Cancel);
        var status = await Recovered(stage, survivor, victim, guests);

        var dead = Assert.Single(status.Hosts, host => host.Name == victim);
        Assert.Contains("power", dead.Why, StringComparison.Ordinal);
        foreach (var guest in guests)
        {
            Assert.NotEqual(before.Lives[guest], stage.LastBeat(guest).Life);
            var why = await stage.Explain(survivor, guest);
            Assert.Contains($"{victim} is dead, proof power", why.Why, StringComparison.Ordinal);
            Assert.Contains(why.Decision?.Considered ?? [], host => host.Host == victim && host.Rejected is not null);
        }

        foreach (var guest in stage.Guests.Except(guests))
            Assert.Equal(before.Lives[guest], stage.LastBeat(guest).Life);
        var session = dead.Session;
        await stage.Lab.Revive(victim, stage.Cancel);
        var after = await stage.WaitUntilWhole();
        Assert.NotEqual(session, Assert.Single(after.Hosts, host => host.Name == victim).Session);
        Assert.DoesNotContain(after.Guests, guest => guest.Host == victim);
    });

    [Fact]
    public Task The_leaders_host_dies_with_the_stores_leader() => cluster.Play(async stage =>
    {
        var leader = await stage.Leader();
        Assert.True(await stage.Store.MoveLeader(leader, stage.Cancel));
        var survivor = stage.OtherThan(leader);
        var guests = await GuestsOn(stage, leader);
        await stage.Lab.Kill(leader, withBmc: false, stage.Cancel);
        var status = await Recovered(stage, survivor, leader, guests);
        Assert.NotEqual(leader, status.Cluster.Leader);
    });

    [Fact]
    public Task A_host_that_dies_with_its_bmc_waits_for_a_person() => cluster.Play(async stage =>
    {
        var (victim, guests) = await stage.Victim();
        var survivor = stage.OtherThan(victim);
        await stage.Lab.Kill(victim, withBmc: true, stage.Cancel);
        await stage.Facts.Until("FencingStarted", victim);
        await stage.Facts.Until("FenceAttemptFailed", victim);
        var status = await stage.Until(survivor, "The word that a proof is missing", seen => seen.Guests
            .FirstOrDefault(guest => guests.Contains(guest.Name) && guest.Standing is Contracts.Api.StandingKind.Protected)?.Name);
        Assert.Equal("fencing", Assert.Single(status.Hosts, host => host.Name == victim).State);
        Assert.NotEmpty(status.Warnings);
        foreach (var guest in guests)
        {
            Assert.Contains("not proved", Assert.Single(status.Guests, known => known.Name == guest).Because, StringComparison.Ordinal);
            Assert.Empty(stage.RunsOn(guest));
        }

        stage.Facts.AssertNone("HostFenced", "GroupAssigned");
        var wrong = await stage.Exec(survivor,
            "mainstay", "confirm-dead", victim, "--reason", "a test", "--yes-it-is-dead", survivor);
        Assert.Equal(2, wrong.Code);
        await stage.Mainstay(survivor, "confirm-dead", victim, "--reason", "unplugged by a test", "--yes-it-is-dead", victim);
        await Recovered(stage, survivor, victim, guests);
        Assert.Contains("unplugged by a test", (await stage.Explain(survivor, guests[0])).Why, StringComparison.Ordinal);

        // The power-off that could not reach the dead BMC must not reach the mended one.
        await stage.Lab.SetBmc(victim, BmcMode.Ok, TimeSpan.Zero, stage.Cancel);
        await stage.Lab.Revive(victim, stage.Cancel);
        var boot = await BootOf(stage, victim);
        await stage.Until(survivor, $"The return of {victim}",
            seen => seen.Hosts.First(host => host.Name == victim) is { State: "online" } ? null : "not yet");
        await stage.Pass(TimeSpan.FromSeconds(5), stage.Guests[0]);
        Assert.Equal(boot, await BootOf(stage, victim));
    });

    [Fact]
    public Task A_host_that_hangs_is_switched_off_once() => cluster.Play(async stage =>
    {
        var (victim, guests) = await stage.Victim();
        var survivor = stage.OtherThan(victim);
        await stage.Lab.Hang(victim, stage.Cancel);
        await Recovered(stage, survivor, victim, guests);
        Assert.False((await stage.Lab.Status(stage.Cancel)).Hosts.Single(host => host.Name == victim).On);
        Assert.Single(stage.Facts.Of("FencingStarted", victim));
        Assert.Single(stage.Facts.Of("HostFenced"));
    });

    [Fact]
    public Task An_isolated_host_whose_guests_run_on_is_switched_off_before_they_start_elsewhere() => cluster.Play(async stage =>
    {
        var (victim, guests) = await stage.Victim();
        var survivor = stage.OtherThan(victim);
        await stage.Lab.Isolate(victim, stage.Cancel);
        await Recovered(stage, survivor, victim, guests);
        Assert.False((await stage.Lab.Status(stage.Cancel)).Hosts.Single(host => host.Name == victim).On);
        Assert.Single(stage.Facts.Of("HostFenced"));
    });

    [Fact]
    public Task While_disarmed_nothing_is_done_and_after_arm_all_is_recovered() => cluster.Play(async stage =>
    {
        var (victim, guests) = await stage.Victim();
        var survivor = stage.OtherThan(victim);
        var witness = stage.Guests.Except(guests).First();
        await stage.Mainstay(survivor, "disarm", "a test");
        await stage.Lab.Kill(victim, withBmc: false, stage.Cancel);
        await stage.Until(survivor, "Suspicion", seen => seen.Hosts.First(host => host.Name == victim).State is "suspect" ? null : "none");
        // Twice the time after which an armed cluster fences on silence alone; the power would prove the death at once.
        await stage.Pass(TimeSpan.FromSeconds(4), witness);
        var status = await stage.Status(survivor);
        Assert.Equal("a test", status.Cluster.DisarmReason);
        stage.Facts.AssertNone("FencingStarted", "HostFenced", "GroupAssigned");
        Assert.All(guests, guest => Assert.Empty(stage.RunsOn(guest)));
        await stage.Mainstay(survivor, "arm");
        await Recovered(stage, survivor, victim, guests);
    });

    [Fact]
    public Task A_released_guest_runs_on_untouched_and_is_not_restarted_when_its_host_dies() => cluster.Play(async stage =>
    {
        var (victim, guests) = await stage.Victim();
        var survivor = stage.OtherThan(victim);
        var released = guests[0];
        var process = stage.ProcessOf(released);
        await stage.Mainstay(survivor, "release", released);
        await stage.Facts.Until("GroupReleased", released);
        await stage.Pass(TimeSpan.FromSeconds(1), released);
        Assert.Equal(process, stage.ProcessOf(released));

        await stage.Lab.Kill(victim, withBmc: false, stage.Cancel);
        await stage.Facts.Until("HostFenced", victim);
        await Recovered(stage, survivor, victim, [.. guests.Skip(1)]);
        Assert.Empty(stage.RunsOn(released));
        Assert.DoesNotContain((await stage.Status(survivor)).Guests, guest => guest.Name == released);

        // Back on its host it is libvirt's alone: it starts without being asked for a token, and can be protected again.
        await stage.Lab.Revive(victim, stage.Cancel);
        await stage.Until(survivor, $"The return of {victim}", seen => Measure.ClusterSight.LackingOf(seen, victim));
        var start = await stage.Exec(victim, "virsh", "-q", "-c", "qemu:///system", "start", released);
        Assert.True(start.Code == 0, start.Errors);
        await stage.Mainstay(victim, "protect", released);
    });

    private static async Task<string?> BootOf(Stage stage, string host) =>
        (await stage.Lab.Status(stage.Cancel)).Hosts.Single(one => one.Name == host).BootId;

    private static async Task<IReadOnlyList<string>> GuestsOn(Stage stage, string host) =>
        [.. (await stage.Status(stage.OtherThan(host))).Guests.Where(guest => guest.Host == host).Select(guest => guest.Name)];

    /// <summary>Until the victim is proved dead and all its guests run on other hosts, each in one process.</summary>
    private static async Task<Contracts.Api.StatusReply> Recovered(
        Stage stage, string survivor, string victim, IReadOnlyList<string> guests)
    {
        var status = await stage.Until(survivor, $"The recovery of {string.Join(", ", guests)}", seen =>
            seen.Hosts.First(host => host.Name == victim) is { State: not "fenced" } host ? $"{victim} is {host.State}: {host.Why}"
            : guests.Select(name => seen.Guests.FirstOrDefault(guest => guest.Name == name))
                .FirstOrDefault(guest => guest is not { State: "running" } || guest.Host == victim) is { } lacking
                ? $"{lacking.Name} is {lacking.State} on {lacking.Host}: {lacking.Because}" : null);
        foreach (var guest in guests)
        {
            var host = Assert.Single(stage.RunsOn(guest));
            Assert.Equal(host, status.Guests.Single(known => known.Name == guest).Host);
            var beat = stage.LastBeat(guest).Counter;
            await stage.Until(() => stage.LastBeat(guest).Counter > beat, $"{guest} beats on {host}");
        }

        return status;
    }
}
