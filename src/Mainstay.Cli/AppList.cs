using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>The applications, as <c>app list --json</c> and <c>app status --json</c> print them.</summary>
internal sealed record AppList
{
    public int Schema { get; init; } = 1;

    public required IReadOnlyList<AppStatus> Applications { get; init; }

    /// <summary>Their guests, ordered by name.</summary>
    public required IReadOnlyList<GuestStatus> Guests { get; init; }
}
