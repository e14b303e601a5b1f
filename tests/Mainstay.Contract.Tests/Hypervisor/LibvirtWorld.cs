using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;
using Mainstay.Engine.Ports;
using Mainstay.Hypervisor.Libvirt;
using Xunit;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>
/// A libvirtd of its own in its own namespaces, reached by its socket. It ends with this process: its init leaves when a pipe closes,
/// and everything in the namespace ends with it.
/// </summary>
public sealed class LibvirtWorld : HypervisorWorld, IAsyncLifetime
{
    private const int SigStop = 19;
    private const int SigCont = 18;
    private const int SigKill = 9;
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(60);
    private readonly string root = Path.Combine(Path.GetTempPath(), $"mainstay-libvirt-{Guid.NewGuid():N}");
    private readonly string prefix = $"ct{Environment.ProcessId}";
    private Process? init;
    private LibvirtHypervisor? hypervisor;
    private int guests;

    public override string? Missing { get; } = WhatIsMissing();

    public override IHypervisor Hypervisor => hypervisor!;

    public override NeededItem PresentItem => new("machine:x86_64/pc/qemu", "");

    public override NeededItem MissingItem => new("machine:x86_64/pc-of-tomorrow/qemu", "");

    public override TimeSpan Limit => TimeSpan.FromSeconds(20);

    internal string Root => root;

    internal LibvirtOptions Options => new()
    {
        Uri = $"qemu:///system?socket={root}/sock/libvirt-sock",
        CallLimit = TimeSpan.FromSeconds(3),
        StartLimit = TimeSpan.FromSeconds(15),
        KeepAliveInterval = TimeSpan.FromSeconds(1),
        KeepAliveCount = 2,
    };

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        foreach (var directory in (string[])["sock", "etc/hooks", "lib", "log", "cache", "disks", "refused"])
            Directory.CreateDirectory(Path.Combine(root, directory));
        WriteConfiguration();
        var start = new ProcessStartInfo("unshare") { RedirectStandardInput = true };
        foreach (var argument in (string[])["--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "bash", $"{root}/init.sh"])
            start.ArgumentList.Add(argument);
        init = Process.Start(start)!;
        await UntilItAnswers();
        hypervisor = new LibvirtHypervisor(Options);
    }

    public async ValueTask DisposeAsync()
    {
        if (hypervisor is not null)
            await hypervisor.DisposeAsync();
        if (init is not null)
        {
            if (FindDaemon() is { } daemon)
                Signal(daemon, SigCont);
            init.StandardInput.Close();
            using var limit = new CancellationTokenSource(BootLimit);
            await init.WaitForExitAsync(limit.Token);
            init.Dispose();
        }

        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    public override TestGuest NewGuest(GuestKind kind)
    {
        var name = $"{prefix}-{Interlocked.Increment(ref guests)}";
        var disk = $"{root}/disks/{name}.raw";
        if (kind != GuestKind.Broken)
            File.WriteAllBytes(disk, BootSector.Disk(kind == GuestKind.Obedient));
        return NewGuest(name, disk);
    }

    internal TestGuest NewGuest(string name, string disk)
    {
        var uuid = Guid.NewGuid().ToString();
        return new TestGuest(new GroupId(name), uuid, $"""
            <domain type='qemu'>
              <name>{name}</name><uuid>{uuid}</uuid><memory unit='MiB'>{GuestMemoryMiB}</memory><vcpu>1</vcpu>
              <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os>
              <features><acpi/></features>
              <devices>
                <emulator>/usr/bin/qemu-system-x86_64</emulator>
                <disk type='file' device='disk'>
                  <driver name='qemu' type='raw'/><source file='{disk}'/><target dev='vda' bus='virtio'/>
                </disk>
                <controller type='usb' model='none'/><memballoon model='none'/>
                <serial type='file'><source path='{root}/disks/{name}.serial' append='off'/></serial>
              </devices>
            </domain>
            """);
    }

    public override bool HasProcess(TestGuest guest) => FindProcess(line => line.Contains(guest.Uuid, StringComparison.Ordinal)
        && line.Contains("qemu-system", StringComparison.Ordinal)) is not null;

    public override bool HasSpoken(TestGuest guest) =>
        new FileInfo($"{root}/disks/{guest.Id}.serial") is { Exists: true, Length: > 0 };

    public override Task Crash(TestGuest guest)
    {
        var process = FindProcess(line => line.StartsWith("/usr/bin/qemu-system", StringComparison.Ordinal)
            && line.Contains(guest.Uuid, StringComparison.Ordinal));
        Signal(process!.Value, SigKill);
        return Task.CompletedTask;
    }

    public override Task ShutDownFromInside(TestGuest guest) => Virsh("shutdown", guest.Uuid);

    public override Task DestroyByHand(TestGuest guest) => Virsh("destroy", guest.Uuid);

    public override Task Hang()
    {
        Signal(FindDaemon()!.Value, SigStop);
        return Task.CompletedTask;
    }

    public override async Task Resume()
    {
        Signal(FindDaemon()!.Value, SigCont);
        await UntilItAnswers();
    }

    public override async Task Restart()
    {
        var before = FindDaemon()!.Value;
        Signal(before, SigKill);
        await Until(() => FindDaemon() is { } now && now != before, "libvirtd is started again");
        await UntilItAnswers();
    }

    public override async Task RestartUnaware(TestGuest guest)
    {
        var daemon = FindDaemon()!.Value;
        Signal(daemon, SigStop);
        File.Delete($"/proc/{daemon}/root/run/libvirt/qemu/{guest.Id}.xml");
        await Restart();
    }

    internal async Task<string> Virsh(params string[] arguments)
    {
        var start = new ProcessStartInfo("virsh") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-q");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Options.Uri);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(BootLimit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException(await error);
    }

    private void WriteConfiguration()
    {
        File.WriteAllText($"{root}/libvirtd.conf", $"""
            listen_tls = 0
            auth_unix_rw = "none"
            auth_unix_ro = "none"
            unix_sock_group = "root"
            unix_sock_dir = "{root}/sock"
            host_uuid = "{Guid.NewGuid()}"
            log_outputs = "3:file:{root}/log/libvirtd.log"

            """);
        File.WriteAllText($"{root}/etc/qemu.conf", """
            security_driver = "none"
            user = "root"
            group = "root"
            dynamic_ownership = 0
            remember_owner = 0
            namespaces = []
            cgroup_controllers = []
            stdio_handler = "file"
            capability_filters = [ "cpu-unavailable-features" ]

            """);
        File.WriteAllText($"{root}/etc/hooks/qemu", $"""
            #!/bin/sh
            if [ "$2" = prepare ] && [ -e "{root}/refused/$1" ]; then echo "no start token for $1" >&2; exit 1; fi

            """);
        File.SetUnixFileMode($"{root}/etc/hooks/qemu", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText($"{root}/init.sh", $$"""
            mount --make-rprivate /
            mount -t proc proc /proc
            mount -t sysfs sysfs /sys
            mount -t tmpfs tmpfs /run
            mkdir -p /run/libvirt /run/lock
            mount --bind {{root}}/etc /etc/libvirt
            mount --bind {{root}}/lib /var/lib/libvirt
            mount --bind {{root}}/log /var/log/libvirt
            mount --bind {{root}}/cache /var/cache/libvirt
            (while :; do libvirtd -f {{root}}/libvirtd.conf </dev/null >>{{root}}/log/console 2>&1; sleep 0.05; done) &
            read -r _
            exit 0

            """);
    }

    private async Task UntilItAnswers()
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await Virsh("list");
                return;
            }
            catch (InvalidOperationException) when (Stopwatch.GetElapsedTime(began) < BootLimit)
            {
                await Task.Delay(20);
            }
        }
    }

    private static async Task Until(Func<bool> holds, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(began) > BootLimit)
                throw new TimeoutException(what);
            await Task.Delay(10);
        }
    }

    private int? FindDaemon() => FindProcess(line => line.StartsWith($"libvirtd\0-f\0{root}/", StringComparison.Ordinal));

    private static int? FindProcess(Predicate<string> wanted)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                continue;
            try
            {
                if (wanted(File.ReadAllText($"{directory}/cmdline")))
                    return pid;
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }

        return null;
    }

    private static void Signal(int pid, int signal)
    {
        if (Kill(pid, signal) != 0)
            throw new InvalidOperationException($"process {pid} takes no signal {signal}");
    }

    private static string? WhatIsMissing()
    {
        if (!Environment.IsPrivilegedProcess)
            return "needs root for namespaces";
        string[] programs = ["/usr/sbin/libvirtd", "/usr/bin/virsh", "/usr/bin/qemu-system-x86_64", "/usr/bin/unshare"];
        return Array.Find(programs, program => !File.Exists(program)) is { } missing ? $"{missing} is not installed" : null;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
