using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Fencing.Storage;
using Xunit;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>The contract against a real iSCSI target.</summary>
public sealed class TgtStorageTests : StorageContract
{
    protected override async Task<IStorageRig> NewRig() => await TgtRig.Begin();

    [Fact]
    public async Task Whoever_is_admitted_and_no_declared_host_may_be_the_victim_under_another_name()
    {
        await using var rig = await TgtRig.Begin();
        await rig.AdmitStranger();

        var unknown = Assert.IsType<RevokeOutcome.Unknown>(await rig.Revoke());

        Assert.Contains("127.0.0.13", unknown.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "target=x", "no storage agent")]
    [InlineData("tgt", "tid=1", "no option 'tid'")]
    [InlineData("tgt", "client.n1=10.0.0.1", "needs option target")]
    [InlineData("tgt", "target=iqn.x", "needs client.HOST")]
    [InlineData("tgt", "control=x", "is no port")]
    [InlineData("scsi-pr", "devices=sda", "is no device")]
    [InlineData("scsi-pr", "tag=xyz", "four hexadecimal digits")]
    [InlineData("ceph", "expiry_hours=1", "24 or more")]
    [InlineData("nfs4", "set=denied", "family/table/name")]
    public void A_configuration_that_cannot_work_is_refused_with_a_mend(string agent, string option, string expected)
    {
        var parts = option.Split('=');
        var config = new StorageConfig(agent, [new FenceOption(parts[0], parts[1], false)], ["/srv"]);

        var invalid = Assert.IsType<StorageCheck.Invalid>(new StorageFences(static () => null).Check(config));

        Assert.Contains(expected, string.Join("; ", invalid.Findings), StringComparison.Ordinal);
    }
}
