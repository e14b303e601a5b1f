using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>
/// The lab can bite: with QEMU's image locks out of the way and one guard of a real deployment taken away, a guest runs twice, and the same
/// watch that finds nothing in all other tests finds it.
/// </summary>
[Collection("teeth")]
public sealed class TeethTests(TeethLab cluster)
{
    private const string Hook = "/etc/libvirt/hooks/qemu";

    [Fact]
    public Task Without_the_hook_a_second_start_by_hand_runs_twice() => cluster.Play(async stage =>
    {
        var (guest, owner) = await Unbitten(stage);
        var other = stage.OtherThan(owner);
        var definition = (await stage.Exec(owner, "virsh", "-c", "qemu:///system", "dumpxml", "--inactive", guest)).Output;
        await File.WriteAllTextAsync(Path.Combine(stage.Lab.SharedDirectory, "second.xml"), definition, stage.Cancel);
        // The agent would end a stray copy within moments; the hook alone is on trial.
        await stage.Lab.Pause(other, LabProcess.Agent, stage.Cancel);
        Assert.NotEqual(0, (await Second(stage, other)).Code);
        Assert.Empty(About(guest));

        await stage.Exec(other, "mv", Hook, Hook + ".away");
        await stage.Lab.KillProcess(other, LabProcess.Libvirtd, stage.Cancel);
        await stage.Lab.WaitReady(other, stage.Cancel);
        var start = await Second(stage, other);
        Assert.True(start.Code == 0, start.Errors);
        await Bitten(stage, guest);

        // With its agent back the cluster mends what it can: the copy that nobody owns is ended.
        await stage.Exec(other, "mv", Hook + ".away", Hook);
        await stage.Lab.KillProcess(other, LabProcess.Libvirtd, stage.Cancel);
        await stage.Lab.WaitReady(other, stage.Cancel);
        await stage.Lab.Resume(other, LabProcess.Agent, stage.Cancel);
        await stage.Facts.Until("StrayStopped", guest);
        await stage.Until(() => stage.RunsOn(guest).SequenceEqual([owner]), $"{guest} runs on {owner} only");
    });

    [Fact]
    public Task With_a_bmc_that_lies_about_a_living_host_its_guests_run_twice() => cluster.Play(async stage =>
    {
        var (guest, victim) = await Unbitten(stage);
        await stage.Lab.SetBmc(victim, BmcMode.Lying, TimeSpan.Zero, stage.Cancel);
        await stage.Lab.Isolate(victim, stage.Cancel);
        var proof = await stage.Facts.Until("HostFenced", victim);
        Assert.Equal("power", proof.Fields["proof"]);
        await Bitten(stage, guest);
    });

    /// <summary>A guest that the other test has not made run twice, and its host.</summary>
    private async Task<(string Guest, string Owner)> Unbitten(Stage stage)
    {
        var status = await stage.WaitUntilWhole();
        var guest = status.Guests.First(known => !About(known.Name).Any());
        return (guest.Name, guest.Host ?? throw new InvalidOperationException($"{guest.Name} has no host."));
    }

    private static Task<CommandOutcome.Exited> Second(Stage stage, string host) =>
        stage.Exec(host, "virsh", "-c", "qemu:///system", "create", "/srv/shared/second.xml");

    /// <summary>The processes, the guest itself and its disk say it, each by itself.</summary>
    private async Task Bitten(Stage stage, string guest)
    {
        foreach (var evidence in new[] { $"{guest} has 2 processes at once", "found another writer on its disk", $"{guest}'s disk: " })
            await stage.Until(() => About(guest).Any(found => found.Contains(evidence, StringComparison.Ordinal)), evidence);
    }

    private IEnumerable<string> About(string guest) =>
        cluster.Findings().Where(found => found.Contains($"{guest} ", StringComparison.Ordinal)
            || found.Contains($"{guest}'s ", StringComparison.Ordinal));
}
