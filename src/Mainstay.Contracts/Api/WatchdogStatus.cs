namespace Mainstay.Contracts.Api;

/// <summary>The watchdog of one host.</summary>
public sealed record WatchdogStatus
{
    /// <summary>The device that is used or would be, such as <c>/dev/watchdog</c>; null when the host has none.</summary>
    public string? Device { get; init; }

    /// <summary>What its driver calls itself; null when the kernel does not say.</summary>
    public string? Driver { get; init; }

    /// <summary>What it is set to, seconds; null when the kernel does not say.</summary>
    public int? Timeout { get; init; }

    /// <summary>Once open it stays armed; null when the kernel does not say.</summary>
    public bool? NoWayOut { get; init; }

    /// <summary>The program that has the device open, such as <c>systemd</c>; null when none has.</summary>
    public string? Holder { get; init; }

    /// <summary>This host is itself a virtual machine: its watchdog stops when the machine is paused.</summary>
    public bool Virtual { get; init; }

    /// <summary>
    /// From the last feeding to the reset, with margin, as its beacon reckons; null when it uses no watchdog. Seconds.
    /// </summary>
    public double? ResetSeconds { get; init; }

    /// <summary>The last measurement; null when there was none.</summary>
    public WatchdogMeasurement? Measured { get; init; }

    /// <summary>Why that measurement counts no more, such as another kernel; null when it does.</summary>
    public string? Stale { get; init; }

    /// <summary>How long it has not been fed, seconds, while it is measured; else null.</summary>
    public double? UnfedSeconds { get; init; }

    /// <summary>Why the last try to measure it gave no figure; null when it did, or there was none.</summary>
    public string? Failed { get; init; }
}

/// <summary>What was measured, and of what. Also the document in <c>/var/lib/mainstay/watchdog.json</c>.</summary>
public sealed record WatchdogMeasurement
{
    public int Schema { get; set; } = 1;

    public required DateTimeOffset At { get; init; }

    public required string Device { get; init; }

    public string? Driver { get; init; }

    /// <summary>What the device was set to, seconds.</summary>
    public required int Timeout { get; init; }

    /// <summary>The machine still ran so many seconds after the last feeding.</summary>
    public required double AtLeastSeconds { get; init; }

    /// <summary>And so many seconds after it no more: the figure in use, before the margin.</summary>
    public required double ResetSeconds { get; init; }

    /// <summary>Who witnessed it.</summary>
    public required IReadOnlyList<string> By { get; init; }

    public required string Kernel { get; init; }

    /// <summary>Null when the machine does not say.</summary>
    public string? Firmware { get; init; }
}

/// <summary>The watchdogs of all hosts that answered.</summary>
public sealed record WatchdogReply
{
    public int Schema { get; set; } = 1;

    /// <summary>The host that answers.</summary>
    public required string Self { get; init; }

    public required IReadOnlyList<HostWatchdog> Hosts { get; init; }

    /// <summary>Hosts whose agents did not answer.</summary>
    public required IReadOnlyList<string> Unheard { get; init; }
}

/// <summary>A host and its watchdog.</summary>
public sealed record HostWatchdog
{
    public required string Host { get; init; }

    public required WatchdogStatus Watchdog { get; init; }
}

/// <summary>Measure the watchdog of the host that is asked: it will be reset.</summary>
public sealed record WatchdogMeasureRequest
{
    /// <summary>Null for the one in use, else <c>/dev/watchdog</c>.</summary>
    public string? Device { get; init; }

    /// <summary>What it is set to, seconds.</summary>
    public required int Timeout { get; init; }
}

/// <summary>What an agent's beacon heard of a host whose watchdog was measured.</summary>
public sealed record UnfedHeard
{
    public required string Host { get; init; }

    /// <summary>16 hexadecimal digits.</summary>
    public required string Session { get; init; }

    /// <summary>How long it was unfed by its last beacon.</summary>
    public required double LastSeconds { get; init; }

    public required int Beacons { get; init; }

    /// <summary>The longest time between two of them.</summary>
    public required double GapSeconds { get; init; }
}
