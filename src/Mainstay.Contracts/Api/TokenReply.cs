namespace Mainstay.Contracts.Api;

/// <summary>A join token. It lets a machine become a member: hand it over like a password.</summary>
public sealed record TokenReply
{
    public required string Token { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>Addresses to join at: this host's.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }
}
