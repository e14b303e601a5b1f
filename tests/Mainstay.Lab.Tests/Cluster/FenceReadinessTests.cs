using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>A BMC that could not prove a death is found before it is needed.</summary>
[Collection("cluster")]
public sealed class FenceReadinessTests(ClusterLab cluster)
{
    [Theory]
    [InlineData(BmcMode.WrongPassword, 0.0, "login failed")]
    // A reading that takes longer than eight seconds is never taken for a proof.
    [InlineData(BmcMode.Slow, 9.0, "timeout")]
    public Task A_bad_bmc_fails_the_test_and_the_status_names_the_risk(BmcMode mode, double delay, string says) => cluster.Play(
        async stage =>
        {
            var (host, guests) = await stage.Victim();
            var other = stage.OtherThan(host);
            await stage.Lab.SetBmc(host, mode, TimeSpan.FromSeconds(delay), stage.Cancel);
            var test = await stage.Exec(other, "mainstay", "fence", "test", host);
            Assert.Equal(1, test.Code);
            Assert.Contains(says, test.Output, StringComparison.Ordinal);
            var status = await stage.Status(other);
            var known = Assert.Single(status.Hosts, one => one.Name == host);
            Assert.False(known.Fencing.Ready);
            Assert.Contains("no proof of death possible", known.Fencing.Why, StringComparison.Ordinal);
            Assert.All(guests, guest =>
                Assert.Equal(StandingKind.AtRisk, Assert.Single(status.Guests, one => one.Name == guest).Standing));
            Assert.Equal(1, (await stage.Exec(other, "mainstay", "status", "--check")).Code);

            await stage.Lab.SetBmc(host, BmcMode.Ok, TimeSpan.Zero, stage.Cancel);
            await stage.Mainstay(other, "fence", "test", host);
            await stage.WaitUntilWhole();
        });
}
