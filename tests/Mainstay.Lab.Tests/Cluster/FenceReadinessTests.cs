using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>A fence device that could not prove a death is found before it is needed.</summary>
[Collection("cluster")]
public sealed class FenceReadinessTests(ClusterLab cluster)
{
    [Fact]
    public Task A_wrong_password_fails_the_test_and_the_status_names_the_risk() => cluster.Play(async stage =>
    {
        var (host, guests) = await stage.Victim();
        var other = stage.OtherThan(host);
        await stage.Lab.SetBmc(host, BmcMode.WrongPassword, TimeSpan.Zero, stage.Cancel);
        var test = await stage.Exec(other, "mainstay", "fence", "test", host);
        Assert.Equal(1, test.Code);
        Assert.Contains("login failed", test.Output, StringComparison.Ordinal);
        var status = await stage.Status(other);
        var known = Assert.Single(status.Hosts, one => one.Name == host);
        Assert.False(known.Fencing.Ready);
        Assert.Contains("no proof of death possible", known.Fencing.Why, StringComparison.Ordinal);
        Assert.All(guests, guest =>
            Assert.Equal(StandingKind.AtRisk, Assert.Single(status.Guests, one => one.Name == guest).Standing));
        Assert.Equal(1, (await stage.Exec(other, "mainstay", "status", "--check")).Code);

        await stage.Lab.SetBmc(host, BmcMode.Ok, TimeSpan.Zero, stage.Cancel);
        await stage.Mainstay(other, "fence", "test", host);
    });

    [Fact]
    public Task A_device_that_reads_off_for_a_host_that_is_heard_is_another_hosts_and_fails_the_test() => cluster.Play(async stage =>
    {
        var (host, _) = await stage.Victim();
        var other = stage.OtherThan(host);
        await stage.Lab.SetBmc(host, BmcMode.Lying, TimeSpan.Zero, stage.Cancel);
        var test = await stage.Exec(other, "mainstay", "fence", "test", host);
        Assert.Equal(1, test.Code);
        Assert.Contains($"reads 'off', but {host} is heard", test.Output, StringComparison.Ordinal);
        Assert.False(Assert.Single((await stage.Status(other)).Hosts, one => one.Name == host).Fencing.Ready);

        await stage.Lab.SetBmc(host, BmcMode.Ok, TimeSpan.Zero, stage.Cancel);
        await stage.Mainstay(other, "fence", "test", host);
    });

    [Fact]
    public Task A_device_that_is_slower_than_a_proof_may_be_fails_the_test() => cluster.Play(async stage =>
    {
        var (host, _) = await stage.Victim();
        var other = stage.OtherThan(host);
        // This agent asks once and waits; an IPMI tool asks again, which makes its time a matter of luck.
        await stage.Mainstay(other, "fence", "set", host, "--name", "switch", "--agent", "fence_lab",
            "--option", "ip=" + stage.Lab.RunnerAddress, "--option", "plug=" + host);
        await stage.Mainstay(other, "fence", "test", host, "--name", "switch");
        await stage.Lab.SetBmc(host, BmcMode.Slow, TimeSpan.FromSeconds(9), stage.Cancel);
        var test = await stage.Exec(other, "mainstay", "fence", "test", host, "--name", "switch");
        Assert.Equal(1, test.Code);
        Assert.Contains("a proof needs it within 8 s", test.Output, StringComparison.Ordinal);

        await stage.Lab.SetBmc(host, BmcMode.Ok, TimeSpan.Zero, stage.Cancel);
        await stage.Mainstay(other, "fence", "remove", host, "switch");
    });
}
