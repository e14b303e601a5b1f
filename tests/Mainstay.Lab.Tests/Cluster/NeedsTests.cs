using System.Text.Json;
using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>What guests need is looked for on real hosts, and what is missing keeps them away.</summary>
[Collection("cluster")]
public sealed class NeedsTests(ClusterLab cluster)
{
    [Fact]
    public Task A_host_without_the_guests_disk_says_so_until_it_has_it_again() => cluster.Play(async stage =>
    {
        var (owner, guests) = await stage.Victim();
        var other = stage.Hosts.First(host => host != owner);
        await stage.Until(
            async () => await Explain(stage, owner, guests[0], other) is { Possible: true, Unknown.Count: 0 },
            "everything that the guest needs was found on the other host");

        Assert.Equal(0, (await stage.Exec(other, "mount", "-t", "tmpfs", "tmpfs", "/srv/shared")).Code);
        await stage.Until(
            async () => (await Explain(stage, owner, guests[0], other)).Reasons.Any(why =>
                why.StartsWith("file /srv/shared/", StringComparison.Ordinal)),
            "the missing disk is a reason");
        var move = await stage.Exec(owner, "mainstay", "move", guests[0], other);
        Assert.Equal(1, move.Code);
        Assert.Contains("does not exist there", move.Errors, StringComparison.Ordinal);

        Assert.Equal(0, (await stage.Exec(other, "umount", "/srv/shared")).Code);
        await stage.Until(async () => (await Explain(stage, owner, guests[0], other)).Possible, "it would start there again");
    });

    [Fact]
    public Task Rules_and_labels_arrive_on_every_host_and_a_move_against_them_is_refused() => cluster.Play(async stage =>
    {
        var (owner, guests) = await stage.Victim();
        var other = stage.Hosts.First(host => host != owner);
        Assert.Equal(0, (await stage.Exec(owner, "mainstay", "host", "label", other, "rack=lab")).Code);
        Assert.Equal(0, (await stage.Exec(owner, "mainstay", "rule", "set", "away", "--guests", guests[0], "--not-on", "rack=lab")).Code);
        await stage.Until(
            async () => (await stage.Exec(other, "mainstay", "rule", "list")).Output.Contains("must not run on rack=lab", StringComparison.Ordinal),
            "the other host knows the rule");
        var move = await stage.Exec(owner, "mainstay", "move", guests[0], other);
        Assert.Equal(1, move.Code);
        Assert.Contains("rule away", move.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await stage.Exec(owner, "mainstay", "rule", "remove", "away")).Code);
        Assert.Equal(0, (await stage.Exec(owner, "mainstay", "host", "label", other, "--remove", "rack")).Code);
    });

    private static async Task<ExplainedPlace> Explain(Stage stage, string asked, string guest, string on) =>
        JsonSerializer.Deserialize(
            (await stage.Exec(asked, "mainstay", "explain", guest, "--on", on, "--json")).Output, ApiJson.Default.ExplainReply)?.On
        ?? throw new InvalidOperationException("An empty answer.");
}
