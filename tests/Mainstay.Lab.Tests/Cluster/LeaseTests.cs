using System.Text.Json;
using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>What no power controller can prove, the keepers and the watchdog do.</summary>
[Collection("lease")]
public sealed class LeaseTests(LeaseLab cluster)
{
    [Fact]
    public Task A_host_that_dies_with_its_bmc_is_proved_dead_by_its_lease() => cluster.Play(async stage =>
    {
        var (victim, guests) = await Begin(stage);
        await stage.Lab.Kill(victim, withBmc: true, stage.Cancel);
        await RunElsewhere(stage, victim, guests);
    });

    [Fact]
    public Task A_host_that_is_cut_off_kills_its_guests_before_they_run_elsewhere() => cluster.Play(async stage =>
    {
        var (victim, guests) = await Begin(stage);
        var resets = await Resets(stage, victim);
        await stage.Lab.SetBmc(victim, BmcMode.Dead, TimeSpan.Zero, stage.Cancel);
        await stage.Lab.Cut(new LinkCut(victim, LabNet.Management, CutDirection.Both), stage.Cancel);
        await stage.Lab.Cut(new LinkCut(victim, LabNet.Storage, CutDirection.Both), stage.Cancel);
        await stage.Facts.Until("GuestsFrozen", victim);
        await RunElsewhere(stage, victim, guests);
        await stage.Facts.Until("LeaseExpired", victim);
        await stage.Lab.Heal(victim, stage.Cancel);
        await stage.Facts.Until("HostJoined", victim);
        Assert.Equal(resets, await Resets(stage, victim));
    });

    [Fact]
    public Task A_beacon_that_stands_still_has_its_host_reset() => cluster.Play(async stage =>
    {
        var (victim, guests) = await Begin(stage);
        var resets = await Resets(stage, victim);
        await stage.Lab.SetBmc(victim, BmcMode.Dead, TimeSpan.Zero, stage.Cancel);
        await stage.Lab.Pause(victim, LabProcess.Beacon, stage.Cancel);
        await stage.Until(async () => await Resets(stage, victim) == resets + 1, $"{victim} is reset by its watchdog");
        await stage.Facts.Until("HostFenced", victim);
        foreach (var guest in guests)
            await stage.Until(() => stage.RunsOn(guest).Count == 1, $"{guest} runs");
    });

    [Fact]
    public Task A_watchdog_is_measured_on_a_drained_host_and_by_those_who_outlive_it() => cluster.Play(async stage =>
    {
        var (victim, _) = await Begin(stage);
        var other = stage.OtherThan(victim);
        string[] measure = ["mainstay", "watchdog", "measure", "--timeout-seconds", "2", "--yes"];
        var refused = await stage.Exec(victim, measure);
        Assert.Equal(1, refused.Code);
        Assert.Contains($"{victim} is not in maintenance", refused.Errors, StringComparison.Ordinal);

        await stage.Mainstay(other, "maintenance", victim, "on", "--drain");
        await stage.Sight.WaitUntil(
            other, $"{victim} is empty", seen => seen.Guests.FirstOrDefault(guest => guest.Host == victim)?.Name is { } left
                ? $"{left} is there" : null, Stage.Limit * 3, stage.Cancel);
        var resets = await Resets(stage, victim);
        await stage.Exec(victim, "sh", "-c", "echo virtual yes >>/etc/mainstay/watchdog");
        await stage.Lab.Exec(victim, measure, Stage.Limit, stage.Cancel);
        await stage.Until(async () => await Resets(stage, victim) == resets + 1, $"{victim} is reset by its watchdog");
        WatchdogMeasurement? measured = null;
        await stage.Until(
            async () => (measured = (await Watchdogs(stage, other)).FirstOrDefault(h => h.Host == victim)?.Watchdog.Measured) is not null,
            $"{victim} knows what its watchdog took");
        Assert.InRange(measured?.AtLeastSeconds ?? 0, 1.2, 4);
        Assert.InRange(measured?.ResetSeconds ?? 0, 2, 4.5);
        Assert.True(measured?.By.Count >= 2);
        Assert.Contains("virtual yes", (await stage.Exec(victim, "cat", "/etc/mainstay/watchdog")).Output, StringComparison.Ordinal);

        await stage.Mainstay(other, "maintenance", victim, "off");
        await stage.Until(other, "The lease of the measured host",
            seen => seen.Hosts.First(host => host.Name == victim).Fencing.LeaseSeconds is null ? "it keeps none yet" : null);
    });

    private static async Task<IReadOnlyList<HostWatchdog>> Watchdogs(Stage stage, string host)
    {
        var shown = await stage.Exec(host, "mainstay", "watchdog", "status", "--json");
        return JsonSerializer.Deserialize(shown.Output, ApiJson.Default.WatchdogReply)?.Hosts ?? [];
    }

    private static async Task<(string Host, IReadOnlyList<string> Guests)> Begin(Stage stage)
    {
        var victim = await stage.Victim();
        await stage.Until(stage.OtherThan(victim.Host), "Leases", seen =>
            seen.Hosts.FirstOrDefault(host => host.Fencing.LeaseSeconds is null) is { } without ? $"{without.Name} keeps none" : null);
        return victim;
    }

    private static async Task<int?> Resets(Stage stage, string host) =>
        (await stage.Lab.Status(stage.Cancel)).Hosts.Single(one => one.Name == host).WatchdogResets;

    private static async Task RunElsewhere(Stage stage, string victim, IReadOnlyList<string> guests)
    {
        var fenced = await stage.Facts.Until("HostFenced", victim);
        Assert.Equal("lease", fenced.Fields["proof"]);
        foreach (var guest in guests)
        {
            await stage.Facts.Until("GuestStarted", guest);
            Assert.NotEqual(victim, Assert.Single(stage.RunsOn(guest)));
        }
    }
}
