using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Contract.Tests.Fencing;

/// <summary>What the core relies on in any fence device, real or simulated: only a reading of its own proves anything (S2).</summary>
public abstract class FenceContract
{
    protected abstract Task<IPowerRig> NewRig();

    [Fact]
    public async Task Reads_on_switches_off_and_reads_off_as_often_as_asked()
    {
        await using var rig = await NewRig();
        Assert.Equal(PowerState.On, Assert.IsType<Observed<PowerState>.Known>(await rig.ReadPower()).Value);

        Assert.NotEmpty(Assert.IsType<FenceOutcome.Confirmed>(await rig.SwitchOff()).Evidence);

        Assert.False(await rig.IsOn());
        Assert.Equal(PowerState.Off, Assert.IsType<Observed<PowerState>.Known>(await rig.ReadPower()).Value);
        Assert.IsType<FenceOutcome.Confirmed>(await rig.SwitchOff());
    }

    [Fact]
    public async Task A_device_that_says_yes_and_does_nothing_is_not_believed()
    {
        await using var rig = await NewRig();
        await rig.Ignore();

        Assert.NotEmpty(Assert.IsType<FenceOutcome.Unknown>(await rig.SwitchOff()).Why);

        Assert.True(await rig.IsOn());
        Assert.Equal(PowerState.On, Assert.IsType<Observed<PowerState>.Known>(await rig.ReadPower()).Value);
    }

    /// <summary>Not every device lets its agent tell a refusal from silence.</summary>
    [Fact]
    public async Task A_wrong_password_reads_nothing_and_proves_nothing()
    {
        await using var rig = await NewRig();
        await rig.LoseThePassword();

        Assert.IsType<Observed<PowerState>.Unknown>(await rig.ReadPower());
        Assert.True(await rig.SwitchOff() is FenceOutcome.Refused { Why: not "" } or FenceOutcome.Unknown { Why: not "" });
        Assert.True(await rig.IsOn());
    }

    [Fact]
    public async Task A_dead_device_is_unknown()
    {
        await using var rig = await NewRig();
        await rig.Die();

        Assert.IsType<Observed<PowerState>.Unknown>(await rig.ReadPower());
        Assert.IsType<FenceOutcome.Unknown>(await rig.SwitchOff());
        Assert.True(await rig.IsOn());
    }
}
