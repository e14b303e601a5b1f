using System.Text.Json;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>etcd is given an older backup while guests run: nothing starts before it is known what runs where.</summary>
[Collection("cluster")]
public sealed class RestoreTests(ClusterLab cluster)
{
    private static readonly string[] Tool =
    [
        "env", "ETCDCTL_API=3", "etcdctl", "--cacert=/etc/mainstay/ca.crt", "--cert=/etc/mainstay/host.crt", "--key=/etc/mainstay/host.key",
    ];

    [Fact]
    public Task A_restored_store_starts_nothing_twice_and_finds_every_guest_where_it_runs() => cluster.Play(async stage =>
    {
        await stage.WaitUntilWhole();
        var host = stage.Hosts[0];
        var backup = Path.Combine(stage.Lab.SharedDirectory, "backup.db");
        var members = await Members(stage, host);
        await Ask(stage, host, "snapshot", "save", backup);

        var moved = stage.Guests[0];
        var from = (await stage.Status(host)).Guests.First(guest => guest.Name == moved).Host ?? "";
        var to = stage.OtherThan(from);
        await stage.Move(moved, from, to);
        await stage.WaitUntilWhole();
        var lives = stage.Guests.ToDictionary(guest => guest, guest => stage.LastBeat(guest).Life, StringComparer.Ordinal);

        foreach (var one in stage.Hosts)
            await stage.Lab.Pause(one, LabProcess.Agent, stage.Cancel);
        foreach (var one in stage.Hosts)
            await stage.Lab.KillProcess(one, LabProcess.Etcd, stage.Cancel);
        foreach (var one in stage.Hosts)
            await Restore(stage, one, backup, members);
        stage.Facts.Forget();

        // One agent begins a new life and knows the store by its disk only; the others go on with what they knew.
        await stage.Lab.KillProcess(host, LabProcess.Agent, stage.Cancel);
        foreach (var one in stage.Hosts.Skip(1))
            await stage.Lab.Resume(one, LabProcess.Agent, stage.Cancel);
        await stage.Until(() => stage.Facts.Of("IncarnationBegan").Count > 0, "an agent notices that the store is older than it was");
        foreach (var guest in stage.Guests)
            await stage.Until(() => stage.Facts.Of("GroupReconciled", guest).Count > 0, $"{guest} is found");

        var status = await stage.WaitUntilWhole();
        Assert.Equal(to, status.Guests.First(guest => guest.Name == moved).Host);
        foreach (var guest in stage.Guests)
            Assert.Equal(lives[guest], stage.LastBeat(guest).Life);
        stage.Facts.AssertNone("FencingStarted", "HostFenced", "GuestStarting", "GuestFailed", "StrayStopped");
    });

    private static async Task Restore(Stage stage, string host, string backup, IReadOnlyList<(string Name, string Address)> members)
    {
        const string Data = "/var/lib/mainstay/etcd/data";
        await stage.Exec(host, "rm", "-rf", Data);
        await Ask(
            stage, host, "snapshot", "restore", backup, $"--data-dir={Data}", $"--name={host}",
            $"--initial-cluster={string.Join(',', members.Select(member => $"{member.Name}={member.Address}"))}",
            "--initial-cluster-token=restored",
            $"--initial-advertise-peer-urls={string.Join(',', members.Where(m => m.Name == host).Select(m => m.Address))}");
    }

    /// <summary>Every member by name with each of its addresses.</summary>
    private static async Task<IReadOnlyList<(string Name, string Address)>> Members(Stage stage, string host)
    {
        using var list = JsonDocument.Parse(await Ask(stage, host, "member", "list", "-w", "json"));
        return
        [
            .. from member in list.RootElement.GetProperty("members").EnumerateArray()
               from address in member.GetProperty("peerURLs").EnumerateArray()
               select (member.GetProperty("name").GetString() ?? "", address.GetString() ?? ""),
        ];
    }

    private static async Task<string> Ask(Stage stage, string host, params string[] words)
    {
        var address = stage.Lab.Layout.Hosts.First(one => one.Name == host).ManagementAddress;
        var done = await stage.Exec(host, [.. Tool, $"--endpoints=https://{address}:7782", .. words]);
        Assert.True(done.Code == 0, $"etcdctl {string.Join(' ', words)} on {host}: {done.Errors}{done.Output}");
        return done.Output;
    }
}
