namespace Mainstay.Contracts.Api;

/// <summary>The cluster exists, with one member.</summary>
public sealed record InitReply
{
    public required string Cluster { get; init; }

    public required string ClusterId { get; init; }

    public required string Host { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>For <c>mainstay join ADDRESS TOKEN</c> on the other hosts.</summary>
    public required string Token { get; init; }

    public required DateTimeOffset TokenExpires { get; init; }
}
