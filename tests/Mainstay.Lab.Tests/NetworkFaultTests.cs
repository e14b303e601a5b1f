namespace Mainstay.Lab.Tests;

/// <summary>Each network of a host can be lost by itself, in one direction, towards one peer, and comes back.</summary>
[Collection("lab")]
public sealed class NetworkFaultTests
{
    private static readonly string Second = BareLab.Management + ".2";
    private static readonly string SecondStorage = BareLab.Storage + ".2";

    [Fact]
    public async Task Cuts_lose_exactly_what_they_name()
    {
        BareLab.RequireMachine();
        var cancel = TestContext.Current.CancellationToken;
        await using var lab = await LabCluster.Up(BareLab.Options(hosts: 3), cancel);
        await BareLab.UntilReached(lab, "t1", Second);

        await lab.Cut(new LinkCut("t1", LabNet.Management, CutDirection.Both, "t2"), cancel);
        Assert.False(await BareLab.Reaches(lab, "t1", Second));
        await BareLab.UntilReached(lab, "t1", BareLab.Management + ".3");
        await BareLab.UntilReached(lab, "t3", Second);
        await BareLab.UntilReached(lab, "t1", SecondStorage);
        Assert.Single((await lab.Status(cancel)).Cuts);

        await lab.Heal("t1", cancel);
        await BareLab.UntilReached(lab, "t1", Second);

        await lab.Isolate("t2", cancel);
        Assert.False(await BareLab.Reaches(lab, "t1", Second));
        Assert.False(await BareLab.Reaches(lab, "t1", SecondStorage));
        await lab.Heal(null, cancel);
        await BareLab.UntilReached(lab, "t1", SecondStorage);
    }

    [Fact]
    public async Task A_hung_host_is_mute_and_wakes_where_it_was()
    {
        BareLab.RequireMachine();
        var cancel = TestContext.Current.CancellationToken;
        await using var lab = await LabCluster.Up(BareLab.Options(), cancel);
        await lab.Hang("t2", cancel);
        Assert.False(await BareLab.Reaches(lab, "t1", Second));
        Assert.True((await lab.Status(cancel)).Hosts[1] is { On: true, Hung: true });

        await lab.Resume("t2", cancel);
        await BareLab.UntilReached(lab, "t1", Second);

        await lab.Pause("t2", LabProcess.Libvirtd, cancel);
        var frozen = await lab.Exec("t2", ["timeout", "1", "virsh", "-c", "qemu:///system", "uri"], BareLab.Limit, cancel);
        Assert.False(frozen.Succeeded);
        await lab.Resume("t2", LabProcess.Libvirtd, cancel);
        await BareLab.Run(lab, "t2", "virsh", "-c", "qemu:///system", "uri");

        await lab.Hang("t2", cancel);
        await lab.Kill("t2", withBmc: false, cancel);
        Assert.False((await lab.Status(cancel)).Hosts[1].On);
    }
}
