using System.Diagnostics;
using Mainstay.Lab.Power;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests;

/// <summary>The hosts' power through the real fence agents, run on a peer as Mainstay would, with the devices' faults.</summary>
[Collection("lab")]
public sealed class PowerDeviceTests
{
    [Fact]
    public async Task Fence_ipmilan_reads_and_switches_a_host_through_its_bmc()
    {
        BareLab.RequireMachine();
        var cancel = TestContext.Current.CancellationToken;
        await using var lab = await LabCluster.Up(BareLab.Options(), cancel);

        Assert.Equal(0, ExitCode(await Ipmi(lab, "status")));
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, ExitCode(await Ipmi(lab, "off")));
        TestContext.Current.TestOutputHelper?.WriteLine($"fence_ipmilan off: {clock.Elapsed.TotalSeconds:0.00} s");
        Assert.False((await lab.Status(cancel)).Hosts[1].On);
        Assert.Equal(2, ExitCode(await Ipmi(lab, "status")));
        Assert.Equal(0, ExitCode(await Ipmi(lab, "on")));
        await lab.WaitReady("t2", cancel);

        await lab.SetBmc("t2", BmcMode.WrongPassword, TimeSpan.Zero, cancel);
        Assert.Equal(1, ExitCode(await Ipmi(lab, "status")));
        await lab.SetBmc("t2", BmcMode.Ok, TimeSpan.Zero, cancel);
        Assert.Equal(0, ExitCode(await Ipmi(lab, "status")));
    }

    [Fact]
    public async Task Fence_lab_answers_at_once_and_fails_as_its_device_does()
    {
        BareLab.RequireMachine();
        var cancel = TestContext.Current.CancellationToken;
        await using var lab = await LabCluster.Up(BareLab.Options(), cancel);
        Assert.Contains("<resource-agent name=\"fence_lab\"",
            await BareLab.Run(lab, "t1", "fence_lab", "-o", "metadata"), StringComparison.Ordinal);
        Assert.Equal(0, ExitCode(await Instant(lab, "monitor")));
        Assert.Equal(0, ExitCode(await Instant(lab, "status")));

        await lab.SetBmc("t2", BmcMode.Deaf, TimeSpan.Zero, cancel);
        await Instant(lab, "off");
        Assert.Equal(0, ExitCode(await Instant(lab, "status")));
        await lab.SetBmc("t2", BmcMode.Ok, TimeSpan.Zero, cancel);

        Assert.Equal(0, ExitCode(await Instant(lab, "off")));
        var clock = Stopwatch.StartNew();
        Assert.Equal(2, ExitCode(await Instant(lab, "status")));
        TestContext.Current.TestOutputHelper?.WriteLine($"fence_lab status: {clock.Elapsed.TotalMilliseconds:0} ms, with nsenter");

        await lab.SetBmc("t2", BmcMode.Dead, TimeSpan.Zero, cancel);
        Assert.Equal(1, ExitCode(await Instant(lab, "status", "power_timeout=1")));
        await lab.SetBmc("t2", BmcMode.Ok, TimeSpan.Zero, cancel);
        Assert.Equal(0, ExitCode(await Instant(lab, "on")));
        Assert.Equal(0, ExitCode(await Instant(lab, "status")));
    }

    private static int ExitCode(CommandOutcome outcome) => Assert.IsType<CommandOutcome.Exited>(outcome).Code;

    private static Task<CommandOutcome> Ipmi(LabCluster lab, string action) => lab.Exec("t1", ["fence_ipmilan"],
        $"action={action}\nip={BareLab.Management}.102\nusername={BmcSimulator.User}\n"
        + $"password={BmcSimulator.Password}\ncipher=3\nlanplus=1\npower_wait=0\n",
        BareLab.Limit, TestContext.Current.CancellationToken);

    private static Task<CommandOutcome> Instant(LabCluster lab, string action, string more = "") => lab.Exec("t1", ["fence_lab"],
        $"action={action}\nip={lab.RunnerAddress}\nplug=t2\n{more}\n", BareLab.Limit, TestContext.Current.CancellationToken);
}
