using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>
/// The contract against scripts in the place of <c>nft</c>, <c>ss</c> and the server's list of clients. Not exercised on a real server.
/// </summary>
public sealed class Nfs4StorageTests : StorageContract
{
    private const string Nft = """
        [ "$3 $4 $5" = "inet mainstay denied" ] || exit 1
        case $1 in
          list) echo "table inet mainstay {"; echo "  set denied {"; echo "    type ipv4_addr"
            [ -s $S/denied ] && echo "    elements = { $(paste -sd, $S/denied | sed 's/,/, /g') }"; echo "  }"; echo "}";;
          add) [ -e $S/ignores ] || echo "$7" | tr ',' '\n' | while read a; do grep -qx "$a" $S/denied || echo "$a" >> $S/denied; done;;
          delete) echo "$7" | tr ',' '\n' | while read a; do sed -i "/^$a\$/d" $S/denied; done;;
        esac
        exit 0
        """;

    private const string Grep = """
        for c in $S/clients/*; do [ -e "$c" ] || exit 1; echo "/proc/fs/nfsd/clients/$(basename $c)/info:address: \"$(cat $c):963\""; done
        """;

    private const string Tee = """
        read word; id=$(basename $(dirname $1)); [ "$word" = expire ] || exit 1; [ -e $S/ignores ] || rm -f $S/clients/$id
        """;

    protected override Task<IStorageRig> NewRig() => Task.FromResult<IStorageRig>(Rig());

    [Fact]
    public async Task A_client_that_is_not_declared_may_be_the_victim_at_another_address()
    {
        await using var rig = Rig();
        rig.Folder.Put("clients/9", "10.9.0.1");

        Assert.Contains("10.9.0.1", Assert.IsType<RevokeOutcome.Unknown>(await rig.Revoke()).Why, StringComparison.Ordinal);
    }

    private static ScriptedRig Rig()
    {
        var folder = new ToolFolder();
        folder.Write("nft", Nft);
        folder.Write("ss", "[ \"$1\" = -K ]");
        folder.Write("grep", Grep.Replace("grep", "/usr/bin/grep", StringComparison.Ordinal));
        folder.Write("tee", Tee);
        folder.Put("denied", "");
        folder.Put("clients/5", "10.2.0.1");
        folder.Put("clients/6", "10.2.0.2");
        var config = new StorageConfig(
            "nfs4",
            [new("client.n1", "10.2.0.1", false), new("client.n2", "10.2.0.2", false), new("set", "inet/mainstay/denied", false)],
            ["/srv/guests"]);
        return new ScriptedRig(folder, config, static (state, host) =>
            !state.Read("denied").Contains(host == "n1" ? "10.2.0.1" : "10.2.0.2", StringComparison.Ordinal));
    }
}
