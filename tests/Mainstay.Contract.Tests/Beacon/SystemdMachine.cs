using System.Diagnostics;
using Mainstay.Lab.Processes;
using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

/// <summary>
/// The real systemd as the first process of namespaces of its own, with nothing but our unit as it is shipped: only what it starts, and
/// where, is changed.
/// </summary>
internal sealed class SystemdMachine : IAsyncDisposable
{
    private const string Program = "/usr/lib/systemd/systemd";
    private const string Unit = "mainstay-beacon.service";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string folder;
    private readonly string group;
    private readonly Process process;

    private SystemdMachine(BeaconHost host)
    {
        folder = Path.Combine(host.Root, "units");
        Directory.CreateDirectory(Path.Combine(folder, Unit + ".d"));
        File.Copy(Path.Combine(Checkout.Root, "packaging", Unit), Path.Combine(folder, Unit));
        File.WriteAllText(Path.Combine(folder, "try.target"), $"[Unit]\nDefaultDependencies=no\nWants={Unit}\n");
        File.WriteAllText(Path.Combine(folder, Unit + ".d", "try.conf"),
            $"""
            [Unit]
            DefaultDependencies=no
            [Service]
            ExecStart=
            ExecStart={BeaconHost.Program} --no-realtime
            Environment=MAINSTAY_ROOT={host.Root} MAINSTAY_BEACON_PORT={host.Paths.Port}
            StandardError=append:{Path.Combine(host.Root, "log")}

            """);
        group = $"mainstay-test-{Environment.ProcessId}-{host.Paths.Port}";
        var second =
            $"""
            mount -t tmpfs run /run && mount -t tmpfs etc /etc/systemd &&
            mount -t cgroup2 cgroup /sys/fs/cgroup || exit 1
            export container=test SYSTEMD_UNIT_PATH={folder}
            exec {Program} --system --unit=try.target --show-status=no --log-target=console
            """;
        var first =
            $"""
            mount --make-rprivate / && mount -t proc proc /proc && mount -t cgroup2 cgroup /mnt &&
            mkdir /mnt/{group} && echo $$ >/mnt/{group}/cgroup.procs && umount /mnt || exit 1
            exec unshare --cgroup bash -c '{second}'
            """;
        process = Process.Start(new ProcessStartInfo("unshare",
            ["--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "bash", "-c", first])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        }) ?? throw new InvalidOperationException("unshare did not start.");
    }

    public static async Task<SystemdMachine> Begin(BeaconHost host)
    {
        Assert.SkipWhen(!File.Exists(Program), "Missing: systemd");
        Assert.SkipWhen(Posix.EffectiveUser() != 0, "Namespaces need root.");
        var machine = new SystemdMachine(host);
        await machine.Until(async () => (await machine.Show("ActiveState")) == "active", "the unit runs");
        return machine;
    }

    public Task<string> Show(string property) => Systemctl("show", "-P", property, Unit);

    public async Task<string> Systemctl(params string[] arguments)
    {
        var leader = await Leader();
        var outcome = leader is null ? null : await Command.Run(
            "nsenter", ["-t", leader, "-m", "-p", "-C", "--", "systemctl", .. arguments], Limit, TestContext.Current.CancellationToken);
        return outcome is CommandOutcome.Exited { Code: 0 } done ? done.Output : "";
    }

    /// <summary>Kills the unit's process as a crash would, and waits for the next one.</summary>
    public async Task Crash()
    {
        var before = await Show("MainPID");
        await Systemctl("kill", "-s", "KILL", Unit);
        await Until(async () => (await Show("MainPID")) is var now && now != before && now is not ("" or "0"), "the unit is restarted");
    }

    public async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(50, TestContext.Current.CancellationToken))
            Assert.True(waited.Elapsed < Limit && !process.HasExited, $"Not within {Limit.TotalSeconds:0} s: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        // The kernel ends everything in there with its first process.
        if (await Leader() is { } leader)
            Posix.Signal(int.Parse(leader, System.Globalization.CultureInfo.InvariantCulture), Posix.Kill);
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        await Command.Run(
            "unshare",
            ["--mount", "bash", "-c", $"mount -t cgroup2 cgroup /mnt && find /mnt/{group} -depth -type d -exec rmdir {{}} +"],
            Limit, CancellationToken.None);
    }

    private async Task<string?> Leader()
    {
        var file = $"/proc/{process.Id}/task/{process.Id}/children";
        var children = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
        return children.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
    }
}
