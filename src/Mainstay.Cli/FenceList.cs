using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>The fence methods of the hosts, as <c>fence list --json</c> prints them.</summary>
internal sealed record FenceList
{
    public int Schema { get; init; } = 1;

    public required IReadOnlyList<FenceListHost> Hosts { get; init; }
}

/// <summary>The fence methods of one host.</summary>
internal sealed record FenceListHost
{
    public required string Host { get; init; }

    public required HostFencing Fencing { get; init; }
}
