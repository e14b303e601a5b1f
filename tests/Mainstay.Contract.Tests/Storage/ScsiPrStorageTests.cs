using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>
/// The contract against a script that keeps keys of two paths as <c>sg_persist</c> shows them. Not exercised on real SCSI.
/// </summary>
public sealed class ScsiPrStorageTests : StorageContract
{
    private const string Victim = "0x4d53000100000007";
    private const string Other = "0x4d53000200000008";

    private const string SgPersist = """
        for d in "$@"; do :; done
        f=$S/$(basename $d)
        case $2 in
          --read-keys) echo "  LIO-ORG   disk0             4.0 "; echo "  PR generation=0x4, registered reservation keys follow:"
            sed 's/^/    /' $f;;
          --read-reservation) echo "  PR generation=0x4, Reservation follows:"; echo "    Key=0x4d53000200000008"
            echo "    scope: LU_SCOPE,  type: $(cat $S/type)";;
          --preempt-abort) [ -e $S/ignores ] || [ -e $f.ignores ] || { k=${4#--param-sark=}; grep -qx "${3#--param-rk=}" $f || exit 24
            sed -i "/^$k\$/d" $f; };;
          --register-ignore) k=${3#--param-sark=}; grep -qx $k $f || echo $k >> $f;;
        esac
        exit 0
        """;

    protected override Task<IStorageRig> NewRig() => Task.FromResult<IStorageRig>(Rig());

    [Fact]
    public async Task A_key_left_on_one_path_is_no_proof()
    {
        await using var rig = Rig();
        rig.Folder.Put("b.ignores", "");

        var unknown = Assert.IsType<RevokeOutcome.Unknown>(await rig.Revoke());

        Assert.Contains("/dev/b", unknown.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_nobody_may_be_the_victims()
    {
        await using var rig = Rig();
        rig.Folder.Put("b", $"{Other}\n0x00000000deadbeef\n");

        var unknown = Assert.IsType<RevokeOutcome.Unknown>(await rig.Revoke());

        Assert.Contains("deadbeef", unknown.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_reservation_for_registrants_only_everybody_can_write()
    {
        await using var rig = Rig();
        rig.Folder.Put("type", "Exclusive Access");

        Assert.Contains("not registered", Assert.IsType<RevokeOutcome.Unknown>(await rig.Revoke()).Why, StringComparison.Ordinal);
    }

    private static ScriptedRig Rig()
    {
        var folder = new ToolFolder();
        folder.Write("sg_persist", SgPersist);
        folder.Put("type", "Write Exclusive, registrants only");
        foreach (var path in (string[])["a", "b"])
            folder.Put(path, $"{Victim}\n{Other}\n");
        var config = new StorageConfig("scsi-pr", [new FenceOption("devices", "/dev/a,/dev/b", false)], ["/dev/mapper/lun"]);
        return new ScriptedRig(folder, config, static (state, host) =>
            ((string[])["a", "b"]).Any(path => state.Read(path).Contains(host == "n1" ? Victim : Other, StringComparison.Ordinal)));
    }
}
