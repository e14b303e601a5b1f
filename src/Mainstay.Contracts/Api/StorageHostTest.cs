namespace Mainstay.Contracts.Api;

/// <summary>What a storage knows of one host.</summary>
public sealed record StorageHostTest
{
    public required string Host { get; init; }

    /// <summary><c>admitted</c>, <c>cut_off</c> or <c>unknown</c>.</summary>
    public required string Access { get; init; }

    /// <summary>What was read, or what is wrong and what to do.</summary>
    public required string Text { get; init; }
}
