using Mainstay.Core.Health;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Tests.Health;

/// <summary>Each rule of the validator finds what it is for, and a sound cluster has no finding.</summary>
public sealed class ConfigurationCheckTests
{
    private static readonly LoopFigures Calm = Loop(20_000, 0.2, 5);

    private static readonly CheckInputs Sound = new(View(3, 2, fenced: true, keepers: 4), TimingProfile.Balanced, 3, Readings(Calm));

    private static readonly WatchdogFacts Device = new(
        "iTCO_wdt", 3, NoWayOut: true, "mainstay-beacon", Virtual: false, TimeSpan.FromSeconds(3), Stale: null);

    private static CheckInputs WithDevice(WatchdogFacts device) => Sound with
    {
        Readings = Sound.Readings.Select(r => r with { Device = device }).ToValueList(),
    };

    [Fact]
    public void A_sound_cluster_has_no_finding() => Assert.Empty(ConfigurationCheck.Of(Sound));

    [Fact]
    public void What_nobody_measured_is_no_finding() =>
        Assert.Empty(ConfigurationCheck.Of(Sound with { Readings = [], Voters = null }));

    [Theory]
    [InlineData(TimingProfile.Aggressive)]
    [InlineData(TimingProfile.Balanced)]
    [InlineData(TimingProfile.Conservative)]
    public void Every_profile_fits_a_sound_cluster(TimingProfile profile)
    {
        Assert.Empty(ConfigurationCheck.Of(Sound with { Profile = profile }));
        Assert.Empty(ConfigurationCheck.AgainstProfile(Sound with { Profile = profile }));
    }

    [Fact]
    public void V1_refuses_a_commit_that_ordinary_stalls_reach_and_warns_of_a_single_one()
    {
        var slow = Sound with { Profile = TimingProfile.Aggressive, Readings = Readings(Loop(20_000, 320, 400)) };
        AssertOne("V1", FindingSeverity.Refuse, slow, 3);
        Assert.Equal(3, ConfigurationCheck.AgainstProfile(slow).Count);
        AssertOne("V1", FindingSeverity.Warn, slow with { Readings = Readings(Loop(20_000, 10, 400)) }, 3);

        // A thousandth of few wake-ups is a single one.
        AssertOne("V1", FindingSeverity.Warn, slow with { Readings = Readings(Loop(500, 320, 400)) }, 3);
        Assert.Empty(ConfigurationCheck.Of(slow with { Profile = TimingProfile.Balanced }));
    }

    [Fact]
    public void V2_refuses_a_lease_that_freezes_too_early_or_kills_before_it_freezes()
    {
        var timing = Timing.For(TimingProfile.Balanced);
        Assert.Empty(ConfigurationCheck.V2(timing));
        Assert.Equal("V2", Assert.Single(ConfigurationCheck.V2(timing with { LeaseFreeze = TimeSpan.FromSeconds(0.9) })).Rule);
        Assert.Equal("V2", Assert.Single(ConfigurationCheck.V2(timing with { LeaseKill = timing.LeaseFreeze })).Rule);
    }

    [Fact]
    public void V3_warns_where_the_keepers_were_silent_for_nearly_as_long_as_guests_live()
    {
        CheckInputs After(double seconds) => Sound with
        {
            Readings = Sound.Readings.Select(r => r with { OldestLease = TimeSpan.FromSeconds(seconds) }).ToValueList(),
        };
        Assert.Empty(ConfigurationCheck.Of(After(3.9)));
        AssertOne("V3", FindingSeverity.Warn, After(4.1), 3);
        Assert.Empty(ConfigurationCheck.Of(After(4.1) with { Profile = TimingProfile.Conservative }));
    }

    [Fact]
    public void V4_warns_of_a_slow_watchdog() => AssertOne(
        "V4", FindingSeverity.Warn, Sound with { View = View(3, 2, true, 4, reset: 15), Readings = Readings(Calm, watchdog: 14.4) }, 3);

    [Fact]
    public void V5_refuses_a_watchdog_slower_than_promised_and_warns_of_a_promise_to_other_keepers()
    {
        AssertOne("V5", FindingSeverity.Refuse, Sound with { Readings = Readings(Calm, watchdog: 4.8) }, 3);
        AssertOne("V5", FindingSeverity.Warn, Sound with { View = View(3, 2, true, keepers: 5) }, 3);
    }

    [Fact]
    public void V6_warns_where_no_lease_can_be()
    {
        AssertOne("V6", FindingSeverity.Warn, Sound with { Readings = Readings(Calm, watchdog: null) }, 3);
        AssertOne("V6", FindingSeverity.Warn, Sound with { View = View(2, 2, true, 4), Readings = Readings(Calm, hosts: 2) }, 1);
    }

    [Theory]
    [InlineData("V4", FindingSeverity.Warn, null)]
    [InlineData("V4", FindingSeverity.Warn, "another kernel")]
    public void V4_warns_of_a_real_device_that_was_not_measured_as_it_is_now(string rule, FindingSeverity severity, string? stale) =>
        AssertOne(rule, severity, WithDevice(Device with { Measured = stale is null ? null : Device.Measured, Stale = stale }), 3);

    [Fact]
    public void V4_refuses_a_device_that_is_set_to_longer_than_the_lease_reckons_with() =>
        AssertOne("V4", FindingSeverity.Refuse, WithDevice(Device with { Timeout = 30 }), 3);

    [Fact]
    public void V6_warns_of_a_device_that_anybody_can_disarm_and_of_a_virtual_machine()
    {
        Assert.Empty(ConfigurationCheck.Of(WithDevice(Device)));
        AssertOne("V6", FindingSeverity.Warn, WithDevice(Device with { NoWayOut = false }), 3);
        AssertOne("V6", FindingSeverity.Warn, WithDevice(Device with { Virtual = true }), 3);
    }

    [Theory]
    [InlineData("iTCO_wdt", "systemd", "RuntimeWatchdogSec=0")]
    [InlineData("iTCO_wdt", "another program", "fuser")]
    [InlineData("Software Watchdog", null, "iTCO_wdt, i6300esb")]
    [InlineData("iTCO_wdt", null, "mainstay watchdog measure")]
    public void V6_says_why_a_host_with_a_device_keeps_no_lease(string driver, string? holder, string mend)
    {
        var inputs = Sound with
        {
            Readings = Readings(Calm, watchdog: null)
                .Select(r => r with { Device = Device with { Driver = driver, Holder = holder, Measured = null } }).ToValueList(),
        };
        AssertOne("V6", FindingSeverity.Warn, inputs, 3);
        Assert.Contains(mend, ConfigurationCheck.Of(inputs)[0].Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void V7_warns_of_a_store_that_one_loss_stops() => AssertOne("V7", FindingSeverity.Warn, Sound with { Voters = 1 }, 1);

    [Fact]
    public void V9_refuses_a_host_whose_death_cannot_be_proved() => AssertOne(
        "V9", FindingSeverity.Refuse, Sound with { View = View(3, 2, fenced: false, keepers: 4, reset: null) }, 3);

    [Fact]
    public void V10_refuses_one_network_for_the_aggressive_profile_only()
    {
        var single = Sound with { View = View(3, 1, true, 4) };
        AssertOne("V10", FindingSeverity.Warn, single, 3);
        Assert.Empty(ConfigurationCheck.AgainstProfile(single));
        AssertOne("V10", FindingSeverity.Refuse, single with { Profile = TimingProfile.Aggressive }, 3);
        Assert.Equal(3, ConfigurationCheck.AgainstProfile(single with { Profile = TimingProfile.Aggressive }).Count);
    }

    [Fact]
    public void What_refuses_comes_first()
    {
        var findings = ConfigurationCheck.Of(Sound with { View = View(3, 1, fenced: false, keepers: 4, reset: null), Voters = 1 });
        Assert.Equal(["V9", "V9", "V9", "V7", "V10", "V10", "V10"], findings.Select(f => f.Rule));
    }

    private static void AssertOne(string rule, FindingSeverity severity, CheckInputs inputs, int count)
    {
        var findings = ConfigurationCheck.Of(inputs);
        Assert.Equal(count, findings.Count);
        Assert.All(findings, finding => Assert.Equal((rule, severity), (finding.Rule, finding.Severity)));
        Assert.All(findings, finding => Assert.False(finding.Value.Length == 0 || finding.Mend.Length == 0));
    }

    private static LoopFigures Loop(long wakeUps, double p999, double longest) => new(
        wakeUps, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(p999), TimeSpan.FromMilliseconds(longest), 0, 0);

    private static ValueList<HostReading> Readings(LoopFigures loop, double? watchdog = 3.6, int hosts = 3) =>
        Enumerable.Range(1, hosts).Select(n => new HostReading(
            new HostId($"n{n}"), loop, watchdog is { } seconds ? TimeSpan.FromSeconds(seconds) : null)).ToValueList();

    /// <param name="keepers">Epoch of the set; the promises name 4.</param>
    /// <param name="reset">What the sessions promise; null when they promise nothing.</param>
    private static ClusterView View(int hosts, int networks, bool fenced, long keepers, double? reset = 3.6)
    {
        var view = ClusterView.Empty;
        var revision = 0L;
        foreach (var number in Enumerable.Range(1, hosts))
        {
            var host = new HostId($"n{number}");
            ValueList<FenceMethod> methods = fenced ? [new FenceMethod("bmc", "fence_ipmilan", [])] : [];
            var addresses = Enumerable.Range(1, networks).Select(net => $"10.{net}.0.{number}").ToValueList();
            Put(new StoreKey.Host(host), new HostConfig(number, addresses, 7780, methods, false));
            var timing = Timing.For(TimingProfile.Balanced);
            Put(new StoreKey.Session(host), new SessionRecord(new SessionId((ulong)number), new BootId("b"), SessionState.Online)
            {
                Lease = reset is { } seconds
                    ? new LeasePromise(new LeaseTerms(timing.LeaseFreeze, timing.LeaseKill, TimeSpan.FromSeconds(seconds)), 4) : null,
            });
        }

        Put(new StoreKey.Keepers(), new KeeperSet(keepers, [new HostId("n1"), new HostId("n2"), new HostId("n3")], []));
        return view;

        void Put(StoreKey key, StoreValue value) => view = view.With(new StoreEntry(key, value, ++revision));
    }
}
