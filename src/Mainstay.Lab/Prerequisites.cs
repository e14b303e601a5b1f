using Mainstay.Lab.Hosts;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab;

/// <summary>What the machine must have for a lab, with the Debian package of each thing.</summary>
public static class Prerequisites
{
    private static readonly (string Program, string Package)[] Needed =
    [
        ("/usr/bin/qemu-system-x86_64", "qemu-system-x86"),
        ("/usr/sbin/libvirtd", "libvirt-daemon"),
        ("/usr/sbin/virtlogd", "libvirt-daemon"),
        ("/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so", "libvirt-daemon-driver-qemu"),
        ("/etc/libvirt/qemu.conf", "libvirt-daemon-system"),
        ("/usr/bin/virsh", "libvirt-clients"),
        ("/usr/bin/ipmi_sim", "openipmi"),
        ("/usr/bin/ipmitool", "ipmitool"),
        ("/usr/sbin/fence_ipmilan", "fence-agents"),
        ("/usr/sbin/nft", "nftables"),
        ("/sbin/ip", "iproute2"),
        ("/usr/bin/unshare", "util-linux"),
        ("/usr/bin/nsenter", "util-linux"),
    ];

    private static readonly (string Program, string Package)[] NeededByMainstay = [("/usr/bin/etcd", "etcd-server")];

    /// <summary>One sentence per finding; empty when a lab can be started.</summary>
    public static IReadOnlyList<string> Missing(LabOptions options)
    {
        var findings = new List<string>();
        if (Posix.EffectiveUser() != 0)
            findings.Add("A lab makes namespaces and bridges, so it must be run as root (sudo).");
        var needed = options.Bare ? Needed : [.. Needed, .. NeededByMainstay];
        var lacking = needed.Where(thing => !File.Exists(thing.Program)).ToArray();
        if (lacking.Length > 0)
        {
            findings.Add($"Missing: {string.Join(", ", lacking.Select(thing => Path.GetFileName(thing.Program)))}. Install with: "
                + $"apt-get install --no-install-recommends "
                + $"{string.Join(' ', lacking.Select(thing => thing.Package).Distinct(StringComparer.Ordinal))}");
        }

        if (ProgramLinks.Missing(options) is { Count: > 0 } programs)
        {
            findings.Add($"{string.Join(", ", programs)} not found in {string.Join(" or ", options.ProgramDirectories)}. "
                + "Build them, set MAINSTAY_BIN to their directories, or start the lab with --bare.");
        }

        return findings;
    }

    public static void Require(LabOptions options)
    {
        if (Missing(options) is { Count: > 0 } findings)
            throw new LabException(string.Join(Environment.NewLine, findings));
    }
}
