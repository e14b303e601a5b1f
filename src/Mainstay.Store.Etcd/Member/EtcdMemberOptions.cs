using System.Net;

namespace Mainstay.Store.Etcd;

/// <summary>The etcd member that this host runs.</summary>
public sealed record EtcdMemberOptions
{
    /// <summary>The host's name; unique in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Keeps members of different clusters apart, on the network and on disk.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Where the member listens and what it tells the others, one per network; the certificate must name them all.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    /// <summary>For example <c>/var/lib/mainstay/etcd</c>. Nothing else may live there.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>For example <c>/run/mainstay</c>; must be empty after a boot.</summary>
    public required string RunDirectory { get; init; }

    public int ClientPort { get; init; } = 7782;

    public int PeerPort { get; init; } = 7783;

    /// <summary>Null runs without encryption: for tests on loopback only.</summary>
    public EtcdTlsFiles? Tls { get; init; }

    /// <summary>Between two heartbeats of the etcd leader. The defaults suit a local network and solid-state disks.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Silence of the etcd leader before an election; at least five heartbeats. Measured from the leader's death to the first write:
    /// 0.33 to 0.50 s with 50/300 ms, 0.64 to 0.85 s with 100/500 ms; no needless election with either on an overloaded machine.
    /// Choose more where a disk takes longer than this to flush.
    /// </summary>
    public TimeSpan Election { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The largest database; beyond it etcd takes no more writes.</summary>
    public long QuotaBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>The log is cut at this size; one older part is kept.</summary>
    public long LogBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Starting, joining or stopping fails after this time.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(20);

    public string Executable { get; init; } = "/usr/bin/etcd";

    public IReadOnlyList<Uri> ClientEndpoints => [.. Addresses.Select(address => Url(address, ClientPort))];

    public IReadOnlyList<Uri> PeerEndpoints => [.. Addresses.Select(address => Url(address, PeerPort))];

    public string LogFile => Path.Combine(DataDirectory, "etcd.log");

    internal string EtcdDirectory => Path.Combine(DataDirectory, "data");

    internal string IdentityFile => Path.Combine(DataDirectory, "identity.json");

    internal string PidFile => Path.Combine(RunDirectory, "etcd.pid");

    internal void Validate()
    {
        if (Name.Length == 0 || Name.AsSpan().ContainsAny(",= /"))
            throw new ArgumentException($"Name '{Name}' cannot be an etcd member's: use the short host name.");
        if (Addresses.Count == 0)
            throw new ArgumentException("Addresses is empty: name at least one address of this host that the other hosts reach.");
        if (Heartbeat < TimeSpan.FromMilliseconds(10) || Election < 5 * Heartbeat || Election > TimeSpan.FromSeconds(50))
            throw new ArgumentException(
                $"Heartbeat {Heartbeat} and Election {Election} do not fit: etcd wants an election time of at least five heartbeats.");
    }

    private Uri Url(IPAddress address, int port) => new($"{(Tls is null ? "http" : "https")}://{EtcdTls.UrlHost(address)}:{port}");
}
