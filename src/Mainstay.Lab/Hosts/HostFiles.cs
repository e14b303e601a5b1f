using Mainstay.Lab.Power;

namespace Mainstay.Lab.Hosts;

/// <summary>Writes what a host has on its own disk: libvirt's settings, its identity, its first process.</summary>
internal static class HostFiles
{
    private static readonly string[] OwnDirectories =
    [
        "etc-libvirt/hooks", "etc-libvirt/qemu", "lib-libvirt/qemu", "lib-libvirt/images",
        "log-libvirt/qemu", "etc-mainstay", "lib-mainstay",
        "bmc/state",
    ];

    public static string InitScript(HostPlan host) => Path.Combine(host.Directory, "init");

    public static void Write(HostPlan host)
    {
        foreach (var name in OwnDirectories)
            Directory.CreateDirectory(Path.Combine(host.Directory, name));
        if (!host.IsWitness && host.Lab.Options.Watchdog is { } limit)
            WatchdogDevice.Install(host, limit);
        LabResource.WriteScript("host-init.sh", InitScript(host));
        Put(host, "machine-id", host.Uuid.Replace("-", "", StringComparison.Ordinal));
        Put(host, "hostname", host.Name);
        Put(host, "boot-id", "");
        Put(host, "hosts", string.Join('\n', KnownNames(host.Lab)));
        Put(host, "etc-libvirt/libvirtd.conf", string.Join('\n', LibvirtdSettings(host)));
        Put(host, "etc-libvirt/qemu.conf", string.Join('\n', QemuSettings.Concat(host.Lab.Options.QemuSettings)));
        Put(host, "etc-libvirt/virtlogd.conf", "max_clients = 1024");
    }

    private static IEnumerable<string> KnownNames(LabLayout lab) =>
    [
        "127.0.0.1 localhost",
        $"{lab.RunnerAddress} runner",
        .. lab.Hosts.SelectMany(host => new[] { $"{host.ManagementAddress} {host.Name}", $"{host.BmcAddress} {host.Name}-bmc" }),
    ];

    private static IEnumerable<string> LibvirtdSettings(HostPlan host) =>
    [
        "listen_tls = 0",
        "listen_tcp = 1",
        "auth_tcp = \"none\"",
        "auth_unix_rw = \"none\"",
        "auth_unix_ro = \"none\"",
        "unix_sock_group = \"root\"",
        $"host_uuid = \"{host.Uuid}\"",
        "keepalive_interval = 5",
        "keepalive_count = 5",
        "log_level = 3",
        "log_outputs = \"3:file:/var/log/libvirt/libvirtd.log\"",
    ];

    private static IEnumerable<string> QemuSettings =>
    [
        "security_driver = \"none\"",
        "security_default_confined = 0",
        "user = \"root\"",
        "group = \"root\"",
        "dynamic_ownership = 0",
        "remember_owner = 0",
        "namespaces = []",
        "cgroup_controllers = []",
        "stdio_handler = \"logd\"",
        "max_core = 0",
        // Before each start libvirt asks a fresh QEMU for every CPU feature it could not provide, about 400 questions that a guest with
        // the default CPU does not need answered. Left out, a start costs 0.1 s instead of 0.4 s; docs/timing.md says what it means.
        "capability_filters = [ \"cpu-unavailable-features\" ]",
        "migration_address = \"0.0.0.0\"",
    ];

    private static void Put(HostPlan host, string name, string text) => File.WriteAllText(Path.Combine(host.Directory, name), text + "\n");
}
