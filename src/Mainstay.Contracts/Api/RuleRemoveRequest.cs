namespace Mainstay.Contracts.Api;

/// <summary>Take a rule back.</summary>
public sealed record RuleRemoveRequest
{
    public required string Name { get; init; }
}
