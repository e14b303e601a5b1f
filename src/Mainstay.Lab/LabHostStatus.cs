namespace Mainstay.Lab;

/// <summary>One lab host as hardware.</summary>
public sealed record LabHostStatus
{
    public required string Name { get; init; }

    /// <summary>It has no libvirt and no guests.</summary>
    public bool Witness { get; init; }

    public required bool On { get; init; }

    public required bool Hung { get; init; }

    public required BmcMode Bmc { get; init; }

    /// <summary>How often the watchdog has reset it; null when it has none.</summary>
    public int? WatchdogResets { get; init; }

    public required string ManagementAddress { get; init; }

    public required string StorageAddress { get; init; }

    public required string BmcAddress { get; init; }

    /// <summary>The host's first process as the machine sees it; null when it is off.</summary>
    public int? InitPid { get; init; }

    public string? BootId { get; init; }

    /// <summary>Programs of which a process lives on the host.</summary>
    public required IReadOnlyList<LabProcess> Running { get; init; }
}
