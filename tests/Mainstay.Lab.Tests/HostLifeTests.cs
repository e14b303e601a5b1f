using System.Diagnostics;

namespace Mainstay.Lab.Tests;

/// <summary>Hosts come up, die at once and come back as after a real loss of power.</summary>
[Collection("lab")]
public sealed class HostLifeTests
{
    [Fact]
    public async Task A_host_dies_at_once_and_comes_back_with_a_new_boot()
    {
        BareLab.RequireMachine();
        var cancel = TestContext.Current.CancellationToken;
        var clock = Stopwatch.StartNew();
        await using var lab = await LabCluster.Up(BareLab.Options(hosts: 3), cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"three hosts up in {clock.Elapsed.TotalSeconds:0.00} s");

        Assert.Equal("t1", await BareLab.Run(lab, "t1", "hostname"));
        var before = (await lab.Status(cancel)).Hosts[0];
        Assert.Equal(before.BootId, await BareLab.Run(lab, "t1", "cat", "/proc/sys/kernel/random/boot_id"));
        await BareLab.Run(lab, "t1", "sh", "-c", "touch /run/lost /var/lib/libvirt/kept");

        clock.Restart();
        await lab.Kill("t1", withBmc: false, cancel);
        var died = clock.Elapsed;
        TestContext.Current.TestOutputHelper?.WriteLine($"killed in {died.TotalMilliseconds:0} ms");
        var off = (await lab.Status(cancel)).Hosts[0];
        Assert.False(off.On);
        Assert.Empty(off.Running);

        clock.Restart();
        await lab.Revive("t1", cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"revived in {clock.Elapsed.TotalSeconds:0.00} s");
        var after = (await lab.Status(cancel)).Hosts[0];
        Assert.NotEqual(before.BootId, after.BootId);
        Assert.Equal("/var/lib/libvirt/kept",
            await BareLab.Run(lab, "t1", "sh", "-c", "ls -d /run/lost /var/lib/libvirt/kept 2>/dev/null || true"));
        await BareLab.UntilReached(lab, "t2", BareLab.Management + ".1");
        Assert.True(died < TimeSpan.FromSeconds(2), $"the host took {died} to die");
    }
}
