namespace Mainstay.Contracts.Api;

/// <summary>A rule about where guests run.</summary>
public sealed record RuleStatus
{
    public required string Name { get; init; }

    /// <summary><c>together</c>, <c>apart</c>, <c>spread</c>, <c>on</c> or <c>not_on</c>.</summary>
    public required string Rule { get; init; }

    public required IReadOnlyList<string> Guests { get; init; }

    /// <summary>A kind of failure domain; null for hosts.</summary>
    public string? By { get; init; }

    /// <summary>For <c>spread</c>: so many in one place.</summary>
    public int? Limit { get; init; }

    /// <summary>For <c>on</c> and <c>not_on</c>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    public required bool Should { get; init; }

    /// <summary>What it says in one sentence.</summary>
    public required string Text { get; init; }

    /// <summary>Where guests run against it; null while it holds.</summary>
    public string? Broken { get; init; }
}
