namespace Mainstay.Contracts.Api;

/// <summary>What one agent sees of its own host.</summary>
public sealed record LocalReply
{
    public required string Host { get; init; }

    public required string Version { get; init; }

    /// <summary>libvirt answered within the deadline.</summary>
    public required bool HypervisorOk { get; init; }

    /// <summary>Why not; null when it did.</summary>
    public string? HypervisorWhy { get; init; }

    /// <summary>Guests that are to be started here and wait, with what for.</summary>
    public IReadOnlyDictionary<string, string> Waiting { get; init; } = new Dictionary<string, string>();

    /// <summary>Every domain with a definition or a process there, protected or not.</summary>
    public required IReadOnlyList<LocalGuest> Guests { get; init; }

    /// <summary>What is to be known about its certificates, such as that one ends within 30 days; empty when nothing is.</summary>
    public IReadOnlyList<string> CertificateWarnings { get; init; } = [];

    /// <summary>Why its journal cannot be written, such as a full disk; null when it can.</summary>
    public string? JournalFault { get; init; }

    /// <summary>What it cannot read of the store, so that it leaves that to others; null when it can read all.</summary>
    public string? StoreNotUnderstood { get; init; }

    /// <summary>The last tests of fence methods by that agent.</summary>
    public required IReadOnlyList<LocalFenceTest> FenceTests { get; init; }

    /// <summary>How well its beacon keeps time; null when that does not say.</summary>
    public LoopReading? Loop { get; init; }

    /// <summary>From the last feeding of its watchdog to the reset, with margin; null without a usable one.</summary>
    public double? WatchdogSeconds { get; init; }

    /// <summary>The greatest age of its lease since its beacon began; null when it kept none.</summary>
    public double? OldestLeaseSeconds { get; init; }

    /// <summary>Its watchdog; null from an agent of an earlier build.</summary>
    public WatchdogStatus? Watchdog { get; init; }

    /// <summary>How long it has slept since its beacon began; null when that does not say.</summary>
    public double? SleptSeconds { get; init; }

    /// <summary>How fast the clocks of others run against its own, as far as they were heard for five minutes.</summary>
    public IReadOnlyList<PeerClock> Clocks { get; init; } = [];

    /// <summary>Where it sees the disks of protected guests; null from an agent of an earlier build.</summary>
    public HostStorageReading? Storage { get; init; }

    /// <summary>What its beacon heard of hosts whose watchdog was measured.</summary>
    public IReadOnlyList<UnfedHeard> Unfed { get; init; } = [];
}

/// <summary>The rate of another host's clock.</summary>
public sealed record PeerClock
{
    public required string Host { get; init; }

    /// <summary>By so many millionth parts the clock of the host that says so runs faster; slower when negative.</summary>
    public required double Ppm { get; init; }

    /// <summary>The time over which that was seen.</summary>
    public required double OverSeconds { get; init; }
}
