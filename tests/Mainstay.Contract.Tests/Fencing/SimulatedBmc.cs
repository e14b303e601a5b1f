using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mainstay.Contract.Tests.Fencing;

/// <summary>A real ipmi_sim on a loopback port of its own; its power is a file.</summary>
internal sealed class SimulatedBmc : IAsyncDisposable
{
    private readonly string folder;
    private readonly Process process;

    private SimulatedBmc(string folder, int port, Process process) => (this.folder, Port, this.process) = (folder, port, process);

    public int Port { get; }

    public bool IsOn => File.ReadAllText(Path.Combine(folder, "power")).Trim() == "1";

    public static SimulatedBmc Start()
    {
        if (!File.Exists("/usr/bin/ipmi_sim") || !File.Exists("/usr/sbin/fence_ipmilan"))
            Assert.Skip("openipmi or fence-agents is not installed");
        var folder = Directory.CreateTempSubdirectory("mainstay-bmc").FullName;
        var port = FreePort();
        Directory.CreateDirectory(Path.Combine(folder, "state"));
        File.WriteAllText(Path.Combine(folder, "power"), "1");
        var script = Path.Combine(folder, "chassis.sh");
        File.WriteAllText(script, $"""
            #!/bin/sh
            shift; op=$1; shift
            case $op in
              get) for w in "$@"; do case $w in power) echo "power:$(cat {folder}/power)";; boot) echo boot:default;; esac; done;;
              set) [ "$1" = power ] && [ ! -e {folder}/lies ] && printf '%s' "$2" > {folder}/power;;
            esac
            exit 0
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(folder, "lan.conf"), $"""
            name "bmc"
            set_working_mc 0x20
            startlan 1
              addr 127.0.0.1 {port}
              priv_limit admin
              allowed_auths_callback none md2 md5 straight
              allowed_auths_user none md2 md5 straight
              allowed_auths_operator none md2 md5 straight
              allowed_auths_admin none md2 md5 straight
              guid a123456789abcdefa123456789abcdef
            endlan
            chassis_control "{script} 0x20"
            user 2 true "admin" "right-horse" admin 10 none md2 md5 straight

            """);
        File.WriteAllText(Path.Combine(folder, "sim.emu"), """
            mc_setbmc 0x20
            mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
            mc_enable 0x20

            """);
        var start = new ProcessStartInfo("ipmi_sim")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in (string[])["-c", $"{folder}/lan.conf", "-f", $"{folder}/sim.emu", "-s", $"{folder}/state", "-n"])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("ipmi_sim did not start");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new SimulatedBmc(folder, port, process);
    }

    /// <summary>From now on it says yes to every command and does nothing.</summary>
    public void Lie() => File.WriteAllText(Path.Combine(folder, "lies"), "");

    /// <summary>It does not answer any more; the power stays as it is. May be called twice.</summary>
    public async Task EndProcess()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    /// <summary>May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(folder))
            return;
        await EndProcess();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
