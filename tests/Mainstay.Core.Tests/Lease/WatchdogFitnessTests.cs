using Mainstay.Core.Lease;

namespace Mainstay.Core.Tests.Lease;

/// <summary>V6: a lease is promised only by a watchdog that ends a host whatever that host does.</summary>
public sealed class WatchdogFitnessTests
{
    private static readonly WatchdogFitness Fit = new("iTCO_wdt", 3, StaysArmed: true, Virtual: false);

    [Fact]
    public void One_in_hardware_as_it_was_measured_is_fit() => Assert.Null(WhyNot(Fit));

    [Fact]
    public void A_timer_of_the_kernel_is_not() => Assert.Contains("softdog", WhyNot(Fit with { Driver = WatchdogFitness.Softdog }));

    [Fact]
    public void One_in_a_virtual_machine_is_not_unless_somebody_answers_for_it()
    {
        Assert.Contains("virtual yes", WhyNot(Fit with { Virtual = true }));
        Assert.Null((Fit with { Virtual = true }).WhyNot("iTCO_wdt", TimeSpan.FromSeconds(4), acceptsVirtual: true));
    }

    [Fact]
    public void One_that_stops_with_its_feeder_is_not() => Assert.Contains("nowayout=1", WhyNot(Fit with { StaysArmed = false }));

    [Fact]
    public void Another_one_than_was_measured_is_not()
    {
        Assert.Contains("was measured", WhyNot(Fit with { Driver = "IPMI" }));
        Assert.Contains("longer", WhyNot(Fit with { Timeout = 5 }));
    }

    [Fact]
    public void A_device_of_the_lab_has_no_name_and_is_fit() =>
        Assert.Null(WhyNot(new WatchdogFitness(null, null, StaysArmed: false, Virtual: true)));

    private static string? WhyNot(WatchdogFitness watchdog) => watchdog.WhyNot("iTCO_wdt", TimeSpan.FromSeconds(4), acceptsVirtual: false);
}
