using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>The rules, as <c>rule list --json</c> prints them.</summary>
internal sealed record RuleList
{
    public int Schema { get; init; } = 1;

    public required IReadOnlyList<RuleStatus> Rules { get; init; }
}
