using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>The contract against a script that keeps a blocklist as <c>ceph</c> shows it. Not exercised on a real Ceph.</summary>
public sealed class CephStorageTests : StorageContract
{
    private const string Ceph = """
        case $5 in
          ls) cat $S/list 2>/dev/null; echo "listed entries" >&2;;
          add) [ $7 -ge 86400 ] || exit 22; [ -e $S/ignores ] || echo "$6 2026-11-29T00:00:00.000000+0000" >> $S/list
            echo "blocklisting $6 until tomorrow" >&2;;
          rm) [ -e $S/list ] && sed -i "\\,^$6 ,d" $S/list;;
        esac
        exit 0
        """;

    protected override Task<IStorageRig> NewRig()
    {
        var folder = new ToolFolder();
        folder.Write("ceph", Ceph);
        var config = new StorageConfig(
            "ceph",
            [new("client.n1", "10.2.0.1,10.3.0.1", false), new("client.n2", "10.2.0.2", false), new("user", "client.mainstay", false)],
            ["rbd:guests"]);
        return Task.FromResult<IStorageRig>(new ScriptedRig(folder, config, static (state, host) =>
            !state.Read("list").Contains(host == "n1" ? "10.2.0.1:0/0 " : "10.2.0.2:0/0 ", StringComparison.Ordinal)));
    }
}
