using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Mainstay.Beacon.Link;
using Mainstay.Contracts;
using Mainstay.Contracts.Beacon;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Joining;

/// <summary>Installs the libvirt hook that guards starts (S4), and has a running libvirtd take notice of it.</summary>
internal static partial class HookSetUp
{
    private const int Sighup = 1;

    /// <summary>Throws an <see cref="AgentException"/> when starts could not be guarded.</summary>
    public static void Install(FileLayout layout, ILogger log)
    {
        var program = FindBeacon();
        try
        {
            var directory = Path.Combine(layout.Root, HookInstaller.DefaultDirectory.TrimStart('/'));
            var done = new HookInstaller(directory, program, BeaconPaths.FromEnvironment()).Install();
            if (done.Changed)
                AgentLog.HookInstalled(log, done.Script);
            if (done.ReloadNeeded)
                Reload(layout);
        }
        catch (IOException e)
        {
            throw new AgentException($"the libvirt hook cannot be installed: {e.Message}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new AgentException($"the libvirt hook cannot be installed: {e.Message} Run the agent as root.", e);
        }
    }

    /// <summary>The full path of the program that answers the hook; an <see cref="AgentException"/> when it is not installed.</summary>
    public static string FindBeacon()
    {
        string[] places = [AppContext.BaseDirectory, .. (Environment.GetEnvironmentVariable("PATH")
            ?? "").Split(':'), "/usr/sbin", "/usr/bin"];
        return places.Select(p => Path.Combine(p, "mainstay-beacon")).FirstOrDefault(File.Exists)
            ?? throw new AgentException("the program mainstay-beacon was not found beside the agent or in PATH; install it");
    }

    /// <summary>
    /// A libvirtd that runs remembers that it has no hook until it reloads; one that does not run finds it when it starts.
    /// </summary>
    private static void Reload(FileLayout layout)
    {
        foreach (var name in (string[])["run/libvirtd.pid", "run/virtqemud.pid", "run/libvirt/libvirtd.pid"])
        {
            var path = Path.Combine(layout.Root, name);
            if (!File.Exists(path)
                || !int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                continue;
            var command = $"/proc/{pid}/comm";
            if (File.Exists(command) && File.ReadAllText(command).Trim() is "libvirtd" or "virtqemud" && Kill(pid, Sighup) != 0)
                throw new AgentException($"libvirtd (process {pid}) could not be told to reload: {new Win32Exception().Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
