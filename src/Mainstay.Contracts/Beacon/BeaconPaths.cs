using System.Globalization;

namespace Mainstay.Contracts.Beacon;

/// <summary>Where beacon, agent and hook meet on a host. Everything lies under one root, so that tests need no root paths.</summary>
/// <param name="Root">"/" on a real host; MAINSTAY_ROOT overrides it.</param>
/// <param name="Port">UDP port of the beacons, the same on all hosts; MAINSTAY_BEACON_PORT overrides it.</param>
public sealed record BeaconPaths(string Root, int Port = BeaconPaths.DefaultPort)
{
    public const int DefaultPort = 7781;

    public const string RootVariable = "MAINSTAY_ROOT";

    public const string PortVariable = "MAINSTAY_BEACON_PORT";

    /// <summary>Agent and beacon talk here.</summary>
    public string AgentSocket => Path.Combine(Root, "run/mainstay/beacon.sock");

    /// <summary>The libvirt hook asks here.</summary>
    public string HookSocket => Path.Combine(Root, "run/mainstay/hook.sock");

    /// <summary>What a restarted beacon goes on with. On tmpfs: a reboot forgets it.</summary>
    public string State => Path.Combine(Root, "run/mainstay/beacon.state");

    /// <summary>There once libvirt reloaded after the hook was installed. On tmpfs: a reboot starts libvirt anew.</summary>
    public string HookInUse => Path.Combine(Root, "run/mainstay/hook.inuse");

    /// <summary>32 random bytes in base64, shared by all hosts of the cluster.</summary>
    public string ClusterKey => Path.Combine(Root, "etc/mainstay/cluster.key");

    /// <summary>The watchdog device and its measured reset time; absent when the host has none.</summary>
    public string Watchdog => Path.Combine(Root, "etc/mainstay/watchdog");

    /// <summary>What the crash kernel needs to say that this session has crashed: key, number, session and peers.</summary>
    public string Crash => Path.Combine(Root, "var/lib/mainstay/crash");

    /// <summary>The protected guests as last known, for a hook that gets no answer.</summary>
    public string ProtectedList => Path.Combine(Root, "var/lib/mainstay/protected");

    public static BeaconPaths FromEnvironment()
    {
        var root = Environment.GetEnvironmentVariable(RootVariable);
        var port = Environment.GetEnvironmentVariable(PortVariable);
        if (string.IsNullOrEmpty(port))
            return new BeaconPaths(string.IsNullOrEmpty(root) ? "/" : root);
        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536
            ? new BeaconPaths(string.IsNullOrEmpty(root) ? "/" : root, number)
            : throw new FormatException($"{PortVariable} is '{port}'; give a UDP port from 1 to 65535, or leave it unset.");
    }
}
