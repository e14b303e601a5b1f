namespace Mainstay.Contracts;

/// <summary>Where a host keeps its files. One prefix moves them all, so that tests and the lab need no root paths.</summary>
/// <param name="Root">The prefix; "/" on a real host.</param>
public sealed record FileLayout(string Root)
{
    /// <summary>The environment variable that names the prefix.</summary>
    public const string RootVariable = "MAINSTAY_ROOT";

    public string Configuration => Path.Combine(Root, "etc/mainstay");

    public string AgentFile => Path.Combine(Configuration, "agent.json");

    public string AuthorityCertificate => Path.Combine(Configuration, "ca.crt");

    public string AuthorityKey => Path.Combine(Configuration, "ca.key");

    public string HostCertificate => Path.Combine(Configuration, "host.crt");

    public string HostKey => Path.Combine(Configuration, "host.key");

    public string ClusterKey => Path.Combine(Configuration, "cluster.key");

    public string State => Path.Combine(Root, "var/lib/mainstay");

    public string StoreData => Path.Combine(State, "etcd");

    /// <summary>What this host has seen of the store.</summary>
    public string StoreMark => Path.Combine(State, "store-mark.json");

    /// <summary>What the firmware called the machine when this disk was last a member's: a copy of it boots elsewhere.</summary>
    public string Hardware => Path.Combine(State, "hardware");

    /// <summary>The last measurement of the watchdog, and what it was made on.</summary>
    public string WatchdogMeasured => Path.Combine(State, "watchdog.json");

    /// <summary>There while the watchdog is measured: what the host is to find out when it is back.</summary>
    public string WatchdogBegun => Path.Combine(State, "watchdog.begun");

    /// <summary>For how long the watchdog has not been fed, a line each, as the host itself wrote it down.</summary>
    public string WatchdogMarks => Path.Combine(State, "watchdog.marks");

    public string Journal => Path.Combine(State, "journal.jsonl");

    public string Runtime => Path.Combine(Root, "run/mainstay");

    public string AgentSocket => Path.Combine(Runtime, "agent.sock");

    public string AgentLock => Path.Combine(Runtime, "agent.lock");

    public string BeaconSocket => Path.Combine(Runtime, "beacon.sock");

    public string HookSocket => Path.Combine(Runtime, "hook.sock");

    /// <summary>The layout that the environment asks for.</summary>
    public static FileLayout FromEnvironment() =>
        new(Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } root ? root : "/");
}
