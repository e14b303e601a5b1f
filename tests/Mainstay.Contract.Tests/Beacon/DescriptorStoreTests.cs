using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

/// <summary>The watchdog's descriptor outlives the beacon: its supervisor keeps it, and nobody opens the device anew.</summary>
public sealed class DescriptorStoreTests
{
    [Fact]
    public async Task A_restarted_beacon_feeds_its_watchdog_through_the_descriptor_that_its_supervisor_kept()
    {
        await using var rig = new LeaseRig();
        await rig.Begin();
        using var supervisor = new NotifySocket(Path.Combine(rig.Host.Root, "notify"));
        rig.Host.StartBeaconWith(supervisor.Path);
        await rig.Hold();
        var (text, descriptor) = await supervisor.Next();
        Assert.Equal("FDSTORE=1\nFDNAME=watchdog\nFDPOLL=0\n", text);
        await rig.UntilFed();

        // Nobody can open it by its name any more.
        File.Delete(rig.Device);
        rig.Host.KillBeacon();
        rig.Host.StartBeaconWith(Assert.NotNull(descriptor), "watchdog", supervisor.Path);
        await rig.UntilFed();
        Assert.Contains("its descriptor was kept", rig.Host.Log, StringComparison.Ordinal);
        Assert.Equal(0, await rig.Host.StopBeacon());
        await rig.UntilMayBeClosed();
    }

    [Fact]
    public async Task A_descriptor_that_was_passed_to_another_process_or_by_another_name_is_not_taken()
    {
        await using var rig = new LeaseRig();
        await rig.Begin();
        using var supervisor = new NotifySocket(Path.Combine(rig.Host.Root, "notify"));
        rig.Host.StartBeaconWith(2, "socket", supervisor.Path);
        await rig.Hold();
        Assert.StartsWith("FDSTORE=1", (await supervisor.Next()).Text, StringComparison.Ordinal);
        await rig.UntilFed();
        Assert.DoesNotContain("its descriptor was kept", rig.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_real_systemd_keeps_it_by_the_unit_as_it_is_shipped()
    {
        await using var rig = new LeaseRig();
        await rig.Begin();
        await using var systemd = await SystemdMachine.Begin(rig.Host);
        await rig.Hold();
        await rig.UntilFed();
        await systemd.Until(async () => await systemd.Show("NFileDescriptorStore") == "1", "systemd keeps a descriptor");

        File.Delete(rig.Device);
        await systemd.Crash();
        await rig.UntilFed();
        var log = await File.ReadAllTextAsync(Path.Combine(rig.Host.Root, "log"), TestContext.Current.CancellationToken);
        Assert.Contains("its descriptor was kept", log, StringComparison.Ordinal);
        Assert.Single(log.Split('\n'), line => line.Contains("the watchdog is armed: ", StringComparison.Ordinal));

        await systemd.Systemctl("stop", "mainstay-beacon.service");
        await rig.UntilMayBeClosed();
        Assert.Equal("0", await systemd.Show("NFileDescriptorStore"));
    }
}
