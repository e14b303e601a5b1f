using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>The hosts, as <c>host list --json</c> prints them.</summary>
internal sealed record HostList
{
    public int Schema { get; init; } = 1;

    public required IReadOnlyList<HostStatus> Hosts { get; init; }
}
