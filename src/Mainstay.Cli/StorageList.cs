using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>The storages, as <c>storage list --json</c> prints them.</summary>
internal sealed record StorageList
{
    public int Schema { get; init; } = 1;

    public required IReadOnlyList<StorageStatus> Storages { get; init; }
}
