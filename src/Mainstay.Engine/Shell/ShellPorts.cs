using Mainstay.Engine.Ports;

namespace Mainstay.Engine.Shell;

/// <summary>The outside world of one agent.</summary>
public sealed record ShellPorts
{
    public required IClusterStore Store { get; init; }

    public required IHypervisor Hypervisor { get; init; }

    public required IBeaconLink Beacon { get; init; }

    public required IFenceDevice Fences { get; init; }

    public required IStorageFence Storages { get; init; }

    public required ILinkWatch Links { get; init; }
}
