namespace Mainstay.Contracts.Api;

/// <summary>A storage that hosts can be cut off from.</summary>
public sealed record StorageStatus
{
    public required string Name { get; init; }

    public required string Agent { get; init; }

    /// <summary>Names and values; a secret's value is <c>(secret)</c>.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required IReadOnlyList<string> Covers { get; init; }

    /// <summary>Protected guests with a disk on it, ordered.</summary>
    public required IReadOnlyList<string> Guests { get; init; }
}
