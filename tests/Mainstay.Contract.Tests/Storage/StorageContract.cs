using Mainstay.Core.Fencing;
using Mainstay.Engine.Ports;
using Xunit;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>What the core relies on in any storage, real or simulated: only a reading of its own proves anything (S1, S2).</summary>
public abstract class StorageContract
{
    protected abstract Task<IStorageRig> NewRig();

    [Fact]
    public async Task A_host_is_cut_off_and_given_back_as_often_as_asked()
    {
        await using var rig = await NewRig();
        Assert.True(await rig.CanWrite());
        Assert.IsType<StorageReading.Admitted>(await rig.Test());

        Assert.NotEmpty(Assert.IsType<RevokeOutcome.Strong>(await rig.Revoke()).Evidence);
        Assert.False(await rig.CanWrite());
        Assert.IsType<StorageReading.CutOff>(await rig.Test());
        Assert.IsType<RevokeOutcome.Strong>(await rig.Revoke());

        Assert.IsType<RestoreOutcome.Done>(await rig.Restore());
        Assert.True(await rig.CanWrite());
        Assert.IsType<RestoreOutcome.Done>(await rig.Restore());
    }

    [Fact]
    public async Task The_other_hosts_write_on()
    {
        await using var rig = await NewRig();
        Assert.True(await rig.OtherCanWrite());

        Assert.IsType<RevokeOutcome.Strong>(await rig.Revoke());

        Assert.True(await rig.OtherCanWrite());
    }

    [Fact]
    public async Task A_storage_that_accepts_and_does_nothing_is_not_believed()
    {
        await using var rig = await NewRig();
        Assert.True(await rig.CanWrite());
        await rig.Ignore();

        Assert.NotEmpty(Assert.IsType<RevokeOutcome.Unknown>(await rig.Revoke()).Why);

        Assert.True(await rig.CanWrite());
    }

    [Fact]
    public async Task A_dead_storage_is_unknown()
    {
        await using var rig = await NewRig();
        await rig.Die();

        Assert.NotEmpty(Assert.IsType<RevokeOutcome.Unknown>(await rig.Revoke()).Why);
        Assert.IsType<RestoreOutcome.Failed>(await rig.Restore());
        Assert.IsType<StorageReading.Unknown>(await rig.Test());
    }
}
