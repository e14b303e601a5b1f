namespace Mainstay.Contracts.Api;

/// <summary>What a storage knows of the hosts.</summary>
public sealed record StorageTestReply
{
    public required string Name { get; init; }

    /// <summary>It answered about every host, and each has the access that it should have.</summary>
    public required bool Ready { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<StorageHostTest> Hosts { get; init; }
}
