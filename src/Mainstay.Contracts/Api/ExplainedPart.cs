namespace Mainstay.Contracts.Api;

/// <summary>One reason for a host's score, in points.</summary>
public sealed record ExplainedPart
{
    /// <summary>
    /// <c>room</c>, <c>load</c>, <c>guests</c> (ten off for each it has), <c>wish</c>, <c>preference</c>, <c>failures</c> or <c>rules</c>.
    /// </summary>
    public required string Name { get; init; }

    public required long Points { get; init; }
}
