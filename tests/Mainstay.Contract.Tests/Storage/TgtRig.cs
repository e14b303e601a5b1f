using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Fencing.Storage;
using Xunit;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>A real tgtd on loopback, and two initiators that write to it from addresses of their own.</summary>
internal sealed class TgtRig : IStorageRig
{
    private const string Target = "iqn.2026-11.mainstay:shared";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly string folder = Directory.CreateTempSubdirectory("mainstay-tgt").FullName;
    private readonly List<IscsiInitiator> all = [];
    private readonly IPEndPoint portal = new(IPAddress.Loopback, FreePort());
    private readonly Process tgtd;
    private readonly StorageConfig config;
    private readonly int control = 1000 + (Environment.ProcessId % 20_000);
    private StorageFences fences;
    private IscsiInitiator? session;
    private uint block;

    private TgtRig()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"portal=127.0.0.1:{portal.Port}");
        tgtd = Start("tgtd", "-f", "-C", Control, "--iscsi", address);
        fences = new StorageFences(static () => null);
        config = new StorageConfig(
            "tgt",
            [
                new("client.n1", "127.0.0.11", false), new("client.n2", "127.0.0.12", false), new("control", Control, false),
                new("target", Target, false),
            ],
            [$"iscsi:{Target}"]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static StorageTarget Victim => new(new HostSession(new HostId("n1"), new SessionId(7)), 1, []);

    private string Control => control.ToString(CultureInfo.InvariantCulture);

    public static async Task<TgtRig> Begin()
    {
        if (!File.Exists("/usr/sbin/tgtd"))
            Assert.Skip("tgt is not installed");
        var rig = new TgtRig();
        Assert.IsType<StorageCheck.Valid>(rig.fences.Check(rig.config));
        var disk = Path.Combine(rig.folder, "disk");
        await using (var file = File.Create(disk))
            file.SetLength(1 << 20);
        var deadline = DateTime.UtcNow + StartLimit;
        while (await rig.Tgtadm("--op", "new", "--mode", "target", "--tid", "1", "-T", Target) != 0)
            Assert.True(DateTime.UtcNow < deadline, "tgtd answers");
        Assert.Equal(0, await rig.Tgtadm("--op", "new", "--mode", "logicalunit", "--tid", "1", "--lun", "1", "-b", disk));
        foreach (var address in (string[])["127.0.0.11", "127.0.0.12"])
            Assert.Equal(0, await rig.Tgtadm("--op", "bind", "--mode", "target", "--tid", "1", "-I", address));
        return rig;
    }

    public async Task<bool> CanWrite()
    {
        if (session is { } open && await open.Write(++block))
            return true;
        session = await LogIn("127.0.0.11", "n1");
        return session is { } anew && await anew.Write(++block);
    }

    public async Task<bool> OtherCanWrite() => await LogIn("127.0.0.12", "n2") is { } other && await other.Write(++block);

    /// <summary>Someone connects from where no host is known, and is admitted.</summary>
    public async Task AdmitStranger() =>
        Assert.Equal(0, await Tgtadm("--op", "bind", "--mode", "target", "--tid", "1", "-I", "127.0.0.13"));

    public Task<RevokeOutcome> Revoke() => fences.Revoke(Victim, config, [$"iscsi:{Target}/1"], TimeSpan.FromSeconds(3), Cancel);

    public Task<RestoreOutcome> Restore() => fences.Restore(Victim, config, TimeSpan.FromSeconds(3), Cancel);

    public Task<StorageReading> Test() => fences.Test(Victim, config, TimeSpan.FromSeconds(3), Cancel);

    /// <summary>tgtadm says yes to every change and makes none.</summary>
    public Task Ignore()
    {
        var script = Path.Combine(folder, "tgtadm");
        File.WriteAllText(script, """
            #!/bin/sh
            case " $* " in *" --op show "*) exec /usr/sbin/tgtadm "$@";; esac
            exit 0
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        fences = new StorageFences(static () => null, folder);
        return Task.CompletedTask;
    }

    public async Task Die()
    {
        tgtd.Kill(entireProcessTree: true);
        await tgtd.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var initiator in all)
            await initiator.DisposeAsync();
        await Die();
        tgtd.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<IscsiInitiator?> LogIn(string from, string name)
    {
        var initiator = await IscsiInitiator.Connect(IPAddress.Parse(from), portal, $"iqn.2026-11.mainstay:{name}", Target);
        if (initiator is not null)
            all.Add(initiator);
        return initiator;
    }

    private async Task<int> Tgtadm(params string[] arguments)
    {
        using var run = Start("tgtadm", ["-C", Control, "--lld", "iscsi", .. arguments]);
        await run.WaitForExitAsync(Cancel);
        return run.ExitCode;
    }

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo($"/usr/sbin/{program}") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
