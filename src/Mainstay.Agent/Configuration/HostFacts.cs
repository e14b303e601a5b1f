using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mainstay.Core.Model;

namespace Mainstay.Agent.Configuration;

/// <summary>What the machine says of itself.</summary>
internal static class HostFacts
{
    private static readonly Guid[] Meaningless =
    [
        Guid.Empty, Guid.AllBitsSet, new("03000200-0400-0500-0006-000700080009"), new("12345678-1234-5678-90ab-cddeefaabbcc"),
    ];

    /// <summary>The short host name.</summary>
    public static string Name => Environment.MachineName.Split('.')[0];

    public static BootId Boot => new(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>The machine's identity, under the prefix if there is one, else the system's.</summary>
    public static string MachineId(string root)
    {
        foreach (var path in (string[])[Path.Combine(root, "etc/machine-id"), "/etc/machine-id"])
        {
            if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } id)
                return id;
        }

        throw new AgentException(
            "/etc/machine-id is missing or empty; create it with systemd-machine-id-setup or dbus-uuidgen --ensure=/etc/machine-id");
    }

    /// <summary>
    /// What the firmware calls this machine (the UUID of SMBIOS), under the prefix if there is one, else the system's; null when it says
    /// nothing, or what makers leave there.
    /// </summary>
    public static string? Hardware(string root)
    {
        foreach (var path in (string[])[Path.Combine(root, "sys/class/dmi/id/product_uuid"), "/sys/class/dmi/id/product_uuid"])
        {
            try
            {
                if (!File.Exists(path))
                    continue;
                var said = File.ReadAllText(path).Trim();
                return Guid.TryParse(said, out var uuid) && !Meaningless.Contains(uuid) ? uuid.ToString() : null;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The addresses to use: those asked for, which must be this host's, or all global ones.</summary>
    public static IReadOnlyList<string> Addresses(IReadOnlyList<string> asked)
    {
        var own = Own();
        if (asked.Count == 0)
        {
            var global = own.Where(a =>
                !IPAddress.IsLoopback(a) && !a.IsIPv6LinkLocal && !a.ToString().StartsWith("169.254.", StringComparison.Ordinal));
            string[] found = [.. global.Where(a => a.AddressFamily == AddressFamily.InterNetwork).Select(a => a.ToString())];
            return found.Length > 0
                ? found
                : throw new AgentException("this host has no network address; bring its network up, or name an address with --address");
        }

        foreach (var text in asked)
        {
            if (!IPAddress.TryParse(text, out var address))
                throw new AgentException($"address '{text}' is no IP address; give one of {string.Join(", ", own)}");
            if (!own.Contains(address) && !IPAddress.IsLoopback(address))
                throw new AgentException($"address {text} is not an address of this host; give one of {string.Join(", ", own)}");
        }

        return [.. asked.Select(a => IPAddress.Parse(a).ToString()).Distinct(StringComparer.Ordinal)];
    }

    private static List<IPAddress> Own() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address),
    ];
}
