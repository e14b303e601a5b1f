namespace Mainstay.Contracts.Api;

/// <summary>This host is a member.</summary>
public sealed record JoinReply
{
    public required string Cluster { get; init; }

    public required string Host { get; init; }

    public required int Number { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>What this host does for the store: <c>voter</c>, <c>learner</c> or <c>client</c>.</summary>
    public required string StoreRole { get; init; }

    /// <summary>It runs no guests.</summary>
    public bool Witness { get; init; }
}
