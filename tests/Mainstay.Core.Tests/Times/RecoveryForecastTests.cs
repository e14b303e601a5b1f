using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Times;

namespace Mainstay.Core.Tests.Times;

/// <summary>Whether a guest would be back in the time that it is allowed.</summary>
public sealed class RecoveryForecastTests
{
    private static readonly GroupId Web = new("web");
    private static readonly HostSession First = new(new HostId("n1"), new SessionId(1));

    [Fact]
    public void Three_failovers_speak_for_themselves()
    {
        var forecast = RecoveryForecast.Of(View(bmc: true, lease: false, Failover(3), Failover(4), Failover(9)), Web, First);
        Assert.Equal(new RecoveryForecast(S(9), Measured: true, S(8)), forecast);
    }

    [Fact]
    public void With_fewer_the_time_limits_of_the_proof_and_the_start_are_added()
    {
        var forecast = RecoveryForecast.Of(View(bmc: true, lease: false, Failover(3), Failover(9)), Web, First);
        Assert.Equal(new RecoveryForecast(S(2 + 8), Measured: false, S(8)), forecast);
    }

    [Fact]
    public void Without_a_bmc_the_lease_has_to_run_out()
    {
        var terms = new LeaseTerms(S(1.5), S(6), S(3));
        var forecast = RecoveryForecast.Of(View(bmc: false, lease: true), Web, First);
        Assert.Equal(new RecoveryForecast(terms.SafeAfter, Measured: false, null), forecast);
    }

    [Fact]
    public void A_failover_of_which_a_part_is_not_known_is_none_of_the_three()
    {
        var unknown = Failover(100) with { Parts = new RecoveryParts { Start = S(1) } };
        Assert.False(RecoveryForecast.Of(View(bmc: true, lease: false, Failover(3), Failover(3), unknown), Web, First).Measured);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(40, null)]
    [InlineData(30, "it would be back after about 34 s, 30 s are allowed (start takes 33 s)")]
    public void The_reason_says_what_is_to_be_expected_and_what_is_allowed(int? budget, string? fault)
    {
        var spec = new GroupSpec("u", "<domain/>", 512, DesiredState.Running, "test", false, default, false, null)
        {
            RecoveryBudget = budget is { } seconds ? S(seconds) : null,
        };
        Assert.Equal(
            fault, RecoveryForecast.Fault(View(bmc: true, lease: false, Failover(34), Failover(34), Failover(34)), Web, spec, First));
    }

    [Fact]
    public void What_was_not_measured_is_the_least_to_be_expected()
    {
        var spec = new GroupSpec("u", "<domain/>", 512, DesiredState.Running, "test", false, default, false, null)
        {
            RecoveryBudget = S(1),
        };
        Assert.Equal(
            "it would be back after 2 s at the earliest, 1 s are allowed",
            RecoveryForecast.Fault(View(bmc: true, lease: false), Web, spec, First));
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>One second until the assignment, the rest is the start.</summary>
    private static RecoveryMeasurement Failover(double whole) => new(RecoveryKind.Failover, new Epoch(2), new HostId("n2"), 1)
    {
        Lost = First,
        Proof = "power",
        Parts = new RecoveryParts { Detect = S(0.3), Prove = S(0.7), Place = S(0), Start = S(whole - 1) },
    };

    private static ClusterView View(bool bmc, bool lease, params RecoveryMeasurement[] measured)
    {
        var config = new HostConfig(1, ["a"], 7780, bmc ? [new FenceMethod("bmc", "fence_ipmilan", [])] : [], false);
        var session = new SessionRecord(First.Session, new BootId("b"), SessionState.Online)
        {
            Lease = lease ? new LeasePromise(new LeaseTerms(S(1.5), S(6), S(3)), 1) : null,
        };
        return ClusterView.Empty.Reload(
            [
                new StoreEntry(new StoreKey.Host(First.Host), config, 1),
                new StoreEntry(new StoreKey.Session(First.Host), session, 1),
                new StoreEntry(new StoreKey.Recovery(Web), new RecoveryTimes(measured.ToValueList()), 1),
            ],
            1);
    }
}
