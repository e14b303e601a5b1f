namespace Mainstay.Lab.Tests.Cluster;

/// <summary>A machine is taken out of the cluster for good, and may come back as a new member.</summary>
[Collection("cluster")]
public sealed class RemoveTests(ClusterLab cluster)
{
    [Fact]
    public Task A_host_is_removed_when_its_death_is_proved_and_joins_anew() => cluster.Play(async stage =>
    {
        var (victim, guests) = await stage.Victim();
        var survivor = stage.OtherThan(victim);
        var alive = await stage.Exec(survivor, "mainstay", "remove", victim);
        Assert.NotEqual(0, alive.Code);
        Assert.Contains("still belongs to", alive.Errors, StringComparison.Ordinal);

        await stage.Lab.Kill(victim, withBmc: true, stage.Cancel);
        await stage.Facts.Until("FencingStarted", victim);
        var unproved = await stage.Exec(survivor, "mainstay", "remove", victim);
        Assert.NotEqual(0, unproved.Code);
        Assert.Contains("is not proved", unproved.Errors, StringComparison.Ordinal);

        await stage.Mainstay(survivor, "confirm-dead", victim, "--reason", "sold", "--yes-it-is-dead", victim);
        foreach (var guest in guests)
            await stage.Facts.Until("GuestStarted", guest);
        await stage.Mainstay(survivor, "remove", victim);
        await stage.Until(survivor, "A cluster without it",
            seen => seen.Hosts.Any(host => host.Name == victim) ? "it is still a member" : null);

        // What is left of its membership is wiped, as on a machine that is installed anew.
        await stage.Lab.SetBmc(victim, BmcMode.Ok, TimeSpan.Zero, stage.Cancel);
        Wipe(stage, victim);
        await stage.Lab.Revive(victim, stage.Cancel);
        await MainstaySetup.JoinAgain(stage.Lab, victim, survivor, LabFence.Ipmi, stage.Cancel);
        var status = await stage.WaitUntilWhole();
        Assert.DoesNotContain(status.Guests, guest => guest.Host == victim);
    });

    private static void Wipe(Stage stage, string host)
    {
        foreach (var name in new[] { "etc-mainstay", "lib-mainstay", "etc-libvirt/qemu" })
        {
            var directory = new DirectoryInfo(Path.Combine(stage.Lab.HostDirectory(host), name));
            foreach (var entry in directory.EnumerateFileSystemInfos().Where(entry => entry.Name != "journal.jsonl"))
            {
                if (entry is DirectoryInfo inner)
                    inner.Delete(recursive: true);
                else
                    entry.Delete();
            }
        }
    }
}
