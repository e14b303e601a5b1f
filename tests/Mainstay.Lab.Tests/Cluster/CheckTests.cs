using System.Text.Json;
using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>What the hosts see of storages, locks and clocks arrives where people look.</summary>
[Collection("cluster")]
public sealed class CheckTests(ClusterLab cluster)
{
    [Fact]
    public Task A_guest_whose_disk_only_its_host_has_is_not_protected_and_a_sound_lab_has_nothing_to_mend() => cluster.Play(async stage =>
    {
        var (owner, guests) = await stage.Victim();
        await stage.Until(
            async () => await Check(stage, owner) is { Unheard.Count: 0 } sound && sound.Findings.All(f => f.Rule is not "V8"),
            "every host says what it sees of the disks");
        var before = await Check(stage, owner);
        Assert.DoesNotContain(before.Findings, finding => finding.Severity == "refuse");
        Assert.Equal(3, before.Clocks?.Pairs);

        // The guests of this lab have no image locks, which is to be seen.
        Assert.Contains(before.Findings, finding =>
            finding.Rule == "V11" && finding.Host == owner && finding.What.Contains("<shareable/>", StringComparison.Ordinal));

        // The shared directory is no mount of NFS 4, so nobody may be cut off from it by that agent and be believed.
        var set = await stage.Exec(owner, "mainstay", "storage", "set", "nas", "--agent", "nfs4", "--option", "set=inet/mainstay/denied",
            "--option", "client.n1=10.2.0.1", "--covers", "/srv/shared");
        Assert.Equal(1, set.Code);
        Assert.Contains("nas would prove nothing", set.Errors, StringComparison.Ordinal);

        var others = stage.Hosts.Where(host => host != owner).ToArray();
        foreach (var other in others)
            Assert.Equal(0, (await stage.Exec(other, "mount", "-t", "tmpfs", "tmpfs", "/srv/shared")).Code);
        var status = await stage.Until(owner, "A guest that no other host could start", seen => seen.Guests.All(
            guest => guest.Host != owner || guest.Standing == StandingKind.NotProtected) ? null : "they are called protected");
        var because = status.Guests.First(guest => guest.Name == guests[0]).Because;
        Assert.EndsWith($".raw is on storage of {owner} only", because, StringComparison.Ordinal);
        Assert.Contains((await Check(stage, owner)).Findings, f => f is { Rule: "V8", Severity: "refuse" } && f.Host == owner);

        foreach (var other in others)
            Assert.Equal(0, (await stage.Exec(other, "umount", "/srv/shared")).Code);
    });

    private static async Task<CheckReply> Check(Stage stage, string host) =>
        JsonSerializer.Deserialize((await stage.Exec(host, "mainstay", "check", "--json")).Output, ApiJson.Default.CheckReply)
        ?? throw new InvalidOperationException("An empty answer.");
}
