namespace Mainstay.Contracts.Api;

/// <summary>Set a rule about where guests run, or replace the one of that name.</summary>
public sealed record RuleSetRequest
{
    public required string Name { get; init; }

    /// <summary><c>together</c>, <c>apart</c>, <c>spread</c>, <c>on</c> or <c>not_on</c>.</summary>
    public required string Rule { get; init; }

    public required IReadOnlyList<string> Guests { get; init; }

    /// <summary>A kind of failure domain such as <c>rack</c>; null for hosts.</summary>
    public string? By { get; init; }

    /// <summary>For <c>spread</c>: so many in one place; null: as even as the places allow.</summary>
    public int? Limit { get; init; }

    /// <summary>For <c>on</c> and <c>not_on</c>: <c>host=NAME</c>, or labels as <c>KEY=VALUE</c> or <c>KEY</c>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>It should hold, and a guest rather runs; false: it must, and a guest rather stays down.</summary>
    public bool Should { get; init; }
}
