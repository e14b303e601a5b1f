namespace Mainstay.Contracts.Api;

/// <summary>One fence method of a host.</summary>
public sealed record FenceMethodStatus
{
    public required string Name { get; init; }

    public required string Agent { get; init; }

    /// <summary>Names and values; a secret's value is <c>(secret)</c>.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Null when it was not tested since the answering agents started.</summary>
    public FenceTestResult? LastTest { get; init; }
}
